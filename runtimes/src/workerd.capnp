# One worker behind a port of the system's choice, and nothing it could connect to.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "suite", worker = .suite),
    (name = "nothing", network = (allow = [])),
  ],
  sockets = [(name = "results", address = "127.0.0.1:0", http = (), service = "suite")],
);

const suite :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-11-17",
  # Newer dates bring Node's modules unasked. What runs here needs none, and must not find them.
  compatibilityFlags = ["no_nodejs_compat"],
  globalOutbound = "nothing",
);
