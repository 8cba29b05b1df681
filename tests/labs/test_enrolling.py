"""`manage.py runner enroll`: the files that it makes, who may read them, and which of them a second call keeps."""

import stat
from datetime import timedelta

import pytest
from cryptography import x509
from django.core.management import CommandError, call_command

from labs.services.enrolling import enroll_runner
from tests.factories import NOW


def texts(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_makes_files_that_only_this_user_may_read(tmp_path):
    keys = tmp_path / "runners"
    made = enroll_runner(name="a", keys=keys, now=NOW)
    own = {"authority.crt", "authority.key", "worker.crt", "worker.key"}
    assert set(texts(keys)) == own | {"a/authority.crt", "a/host.crt", "a/host.key"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.rglob("*") if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (keys, keys / "a")} == {0o700}
    assert (made.folder, made.until) == (keys / "a", NOW + timedelta(days=730))


def test_enrolling_again_renews_certificates_and_keeps_the_authority(tmp_path):
    enroll_runner(name="a", keys=tmp_path, now=NOW)
    before = texts(tmp_path)
    later = NOW + timedelta(days=365)
    assert enroll_runner(name="a", keys=tmp_path, now=later).until == later + timedelta(days=730)
    changed = {name for name, text in texts(tmp_path).items() if before[name] != text}
    assert changed == {"worker.crt", "worker.key", "a/host.crt", "a/host.key"}


def test_a_second_host_gets_its_own_key_from_the_same_authority(tmp_path):
    enroll_runner(name="a", keys=tmp_path, now=NOW)
    enroll_runner(name="b", keys=tmp_path, now=NOW)
    found = texts(tmp_path)
    assert found["a/authority.crt"] == found["b/authority.crt"] == found["authority.crt"]
    assert found["a/host.key"] != found["b/host.key"]
    names = x509.load_pem_x509_certificate(found["b/host.crt"]).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert names.value.get_values_for_type(x509.DNSName) == ["b"]


def test_the_command_says_what_to_do_next(settings, tmp_path, capsys):
    settings.DATA = tmp_path
    call_command("runner", "enroll", "gpu-1")
    said = capsys.readouterr().out
    assert f"--keys {tmp_path / 'runners' / 'gpu-1'}" not in said  # it lies elsewhere on the host
    for part in (str(tmp_path / "runners" / "gpu-1"), "--listen 0.0.0.0:7443", "FINALCHECK_RUNNERS=gpu-1=HOST:7443"):
        assert part in said


@pytest.mark.parametrize("name", ["", "A", "a.b", "-a", "a/b", "../a", "a" * 60])
def test_a_name_that_cannot_stand_in_a_certificate_is_refused(name, settings, tmp_path):
    settings.DATA = tmp_path
    with pytest.raises(CommandError):
        call_command("runner", "enroll", name)
    assert not (tmp_path / "runners").exists()
