#!/bin/sh
# Makes every certificate of this folder anew, valid from 2020 to 2120. Needs openssl 3; run it in this folder.
set -eu
# Fixed dates, so that a machine with a slow clock takes them too.
validity='-startdate 20200101000000Z -enddate 21200101000000Z'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -f ./*.crt ./*.key ./*.crl

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

# certificate NAME COMMON_NAME EXTENSIONS HOW: HOW is -selfsign, or nothing for one signed by the authority.
certificate() {
  [ -f "$1.key" ] || key "$1"
  openssl req -new -sha256 -key "$1.key" -subj "/CN=$2" -out "$work/request"
  printf '%b\n' "$3" > "$work/extensions"
  how=
  [ "${4:-}" = -selfsign ] && how="-selfsign -keyfile $1.key"
  # shellcheck disable=SC2086
  openssl ca -batch -config "$work/config" -notext -in "$work/request" -out "$1.crt" -extfile "$work/extensions" $validity $how
}

: > "$work/index"
echo 01 > "$work/serial"
echo 01 > "$work/crlnumber"
cat > "$work/config" <<CONFIG
[ca]
default_ca = authority
[authority]
database = $work/index
serial = $work/serial
crlnumber = $work/crlnumber
new_certs_dir = $work
certificate = authority.crt
private_key = authority.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
CONFIG

authority='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash'
certificate authority 'fdw test authority' "$authority" -selfsign
certificate other-authority 'another test authority' "$authority" -selfsign

certificate server localhost 'basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost,IP:127.0.0.1'
certificate wrong-name db.example.com 'basicConstraints=CA:FALSE\nsubjectAltName=DNS:db.example.com,DNS:*.shard.example.com'
certificate address-in-name 127.0.0.1 'basicConstraints=CA:FALSE'
certificate client fdw_client 'basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth'
certificate self-signed localhost 'basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost' -selfsign
validity='-startdate 20200101000000Z -enddate 20200102000000Z'
certificate expired localhost 'basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost'

# The client's key again, under the passphrase "open sesame".
openssl pkcs8 -topk8 -in client.key -passout 'pass:open sesame' -out client-encrypted.key

# An empty list of the authority, and one that revokes the server's certificate.
openssl ca -config "$work/config" -gencrl -crl_lastupdate 20200101000000Z -crl_nextupdate 21200101000000Z -out empty.crl
openssl ca -config "$work/config" -revoke server.crt
openssl ca -config "$work/config" -gencrl -crl_lastupdate 20200101000000Z -crl_nextupdate 21200101000000Z -out revoked.crl
rm -f other-authority.key
chmod 600 ./*.key
