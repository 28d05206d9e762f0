#!/bin/sh
# Makes the certificates of the demo and of the tests. TEST ONLY: the private keys are public.
# Run in the folder examples; needs openssl. Valid until 2120, except the one that is expired.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# RSA: an engine that knows nothing else has to work with it, too.
key() { openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/$1.key"; }

# `openssl ca` rather than `req -x509`: it lets the validity begin before the clock of any machine.
sign() { # NAME SUBJECT START END EXTENSIONS SIGNER...
  name=$1 subject=$2 start=$3 end=$4 extensions=$5
  shift 5
  key "$name"
  openssl req -new -key "$work/$name.key" -out "$work/$name.csr" -subj "/CN=$subject"
  : > "$work/index.txt"
  openssl ca -batch -notext -config "$work/ca.cnf" -extensions "$extensions" -startdate "$start" -enddate "$end" \
    "$@" -in "$work/$name.csr" -out "$work/$name.pem" 2> "$work/log" || {
    cat "$work/log" >&2
    exit 1
  }
}

authority() { # NAME
  sign "$1" "tlsio test only $1" "$begin" "$century" authority -selfsign -keyfile "$work/$1.key"
}

leaf() { # NAME START END
  sign "$1" localhost "$2" "$3" server -cert "$work/authority.pem" -keyfile "$work/authority.key"
}

constant() { # NAME FILE COMMENT
  printf '\n/** %s Test only. */\nexport const %s = `%s\n`\n' "$3" "$1" "$(cat "$work/$2")"
}

cat > "$work/ca.cnf" << END
[ca]
default_ca = test
[test]
database = $work/index.txt
new_certs_dir = $work
default_md = sha256
rand_serial = yes
policy = any
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server]
subjectAltName = DNS:localhost,IP:127.0.0.1
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
END

begin=20200101000000Z
century=21200101000000Z
authority authority
authority stranger
leaf localhost "$begin" "$century"
leaf expired "$begin" 20210101000000Z

{
  echo '// Made by scripts/create-certificates.sh. TEST ONLY: the private key is public, trust it nowhere.'
  constant authorityPem authority.pem 'Authority that vouches for {@link localhostPem}.'
  constant localhostPem localhost.pem 'Certificate for `localhost` and 127.0.0.1.'
  constant localhostKeyPem localhost.key 'Private key of {@link localhostPem}.'
} > src/demo/certificates.ts
{
  echo '// Made by scripts/create-certificates.sh. TEST ONLY: the private key is public, trust it nowhere.'
  constant strangerPem stranger.pem 'An authority that vouches for nothing here.'
  constant expiredPem expired.pem 'Certificate for `localhost` that ended with the year 2020.'
  constant expiredKeyPem expired.key 'Private key of {@link expiredPem}.'
} > test/certificates.ts
