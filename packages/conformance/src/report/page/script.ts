// What the page of a report does: filters, and what opens for a cell. It is put into the page as it
// is compiled, so it imports nothing.

const form = document.querySelector<HTMLFormElement>('#filters')
const drawer = document.querySelector<HTMLDialogElement>('#drawer')
const drawerBody = document.querySelector('#drawer-body')
const shown = document.querySelector('#shown')
const nothing = document.querySelector<HTMLElement>('#nothing')
const sections = [...document.querySelectorAll<HTMLElement>('.area')]
const columnCells = [...document.querySelectorAll<HTMLTableCellElement>('[data-report]')]
const rows = [...document.querySelectorAll<HTMLElement>('tbody > tr')]

if (form) {
  form.hidden = false
  form.addEventListener('input', applyFilters)
  form.addEventListener('submit', (event) => event.preventDefault())
  // The fields are empty only after the event.
  form.addEventListener('reset', () => setTimeout(applyFilters))
  applyFilters()
}
document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element)) return
  const opener = target.closest<HTMLElement>('[data-opens]')
  if (opener) open(opener.dataset.opens ?? '')
  const square = target.closest<SVGElement>('[data-row]')
  if (square) showRow(square.dataset.row ?? '')
  // Only what lies beside the drawer is the dialog itself.
  if (target === drawer) drawer.close()
})
drawer?.addEventListener('close', () => {
  history.replaceState(null, '', location.href.split('#', 1)[0])
})
window.addEventListener('hashchange', openAddressed)
openAddressed()

function applyFilters(): void {
  const fields = new FormData(form ?? undefined)
  const field = (name: string) => String(fields.get(name) ?? '')
  const words = field('text').toLowerCase().split(/\s+/).filter(Boolean)
  const [area, level, state] = [field('area'), field('level'), field('state')]
  for (const cell of columnCells) showColumns(cell, field('report'), field('version'))
  let visible = 0
  for (const section of sections) {
    let some = false
    for (const row of section.querySelectorAll<HTMLElement>('tbody > tr')) {
      const { text = '', level: own } = row.dataset
      const cells = [...row.querySelectorAll<HTMLElement>('td:not([hidden])')]
      const matches =
        (area === '' || section.dataset.area === area) &&
        (level === '' || own === level) &&
        cells.some(
          ({ dataset: { states = '' } }) => state === '' || states.split(' ').includes(state),
        ) &&
        words.every((word) => text.includes(word))
      row.hidden = !matches
      if (matches) visible++
      some ||= matches
    }
    section.hidden = !some
  }
  const all = `${rows.length} requirements`
  if (shown) shown.textContent = visible === rows.length ? all : `${visible} of ${all}`
  if (nothing) nothing.hidden = visible > 0
}

/** A cell or heading takes as many columns as are left of its own. */
function showColumns(cell: HTMLTableCellElement, report: string, version: string): void {
  const { report: own, versions = '' } = cell.dataset
  // What has no version does not depend on any.
  const all = versions === '' ? [''] : versions.split(' ')
  const left = all.filter((one) => version === '' || one === '' || one === version).length
  cell.hidden = left === 0 || (report !== '' && own !== report)
  if (left > 0) cell.colSpan = left
}

/** The drawer has an address, to come back to or to send to somebody. */
function open(name: string): void {
  const template = document.getElementById(name)
  if (!(template instanceof HTMLTemplateElement) || !drawer || !drawerBody) return
  drawerBody.replaceChildren(template.content.cloneNode(true))
  if (!drawer.open) drawer.showModal()
  drawer.scrollTop = 0
  drawerBody.querySelector<HTMLElement>('#drawer-title')?.focus()
  history.replaceState(null, '', `#${encodeURIComponent(name)}`)
}

function openAddressed(): void {
  open(decodeURIComponent(location.hash.slice(1)))
}

function showRow(name: string): void {
  form?.reset()
  applyFilters()
  const row = document.getElementById(name)
  row?.scrollIntoView({ block: 'center' })
  row?.querySelector<HTMLElement>('button')?.focus({ preventScroll: true })
}

export {}
