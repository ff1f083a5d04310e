"""Certificates for tests, made by the openssl command: one authority, and what it signed, well and badly."""

import subprocess
from pathlib import Path

CA_CONFIG = """
[ca]
default_ca = ours
[ours]
database = {dir}/index.txt
serial = {dir}/serial
new_certs_dir = {dir}
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""


class Authority:
    def __init__(self, directory: Path):
        self.directory = directory
        (directory / "index.txt").touch()
        (directory / "serial").write_text("01\n")
        (directory / "ca.conf").write_text(CA_CONFIG.format(dir=directory))
        self.certificate = directory / "ca.pem"
        self.self_signed("ca", "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign")

    def openssl(self, *words) -> None:
        command = ["openssl", *map(str, words)]
        subprocess.run(command, cwd=self.directory, check=True, capture_output=True, timeout=60)

    def request(self, name: str, *more) -> None:
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key",
                     "-subj", f"/CN={name}", *more)  # fmt: skip

    def self_signed(self, name: str, *extensions: str) -> tuple[Path, Path]:
        added = [word for extension in extensions for word in ("-addext", extension)]
        self.request(name, "-x509", "-days", "30", "-out", f"{name}.pem", *added)
        return self.directory / f"{name}.pem", self.directory / f"{name}.key"

    def signed(self, name: str, alternative_names: str, begin: str = "", end: str = "") -> tuple[Path, Path]:
        """Certificate and key. `begin` and `end`: YYYYMMDDHHMMSSZ."""
        self.request(name, "-out", f"{name}.csr")
        (self.directory / f"{name}.ext").write_text(f"subjectAltName={alternative_names}\n")
        period = ["-startdate", begin, "-enddate", end] if end else ["-days", "30"]
        self.openssl("ca", "-batch", "-config", "ca.conf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", f"{name}.csr",
                     "-out", f"{name}.pem", "-notext", "-extfile", f"{name}.ext", *period)  # fmt: skip
        return self.directory / f"{name}.pem", self.directory / f"{name}.key"
