"""Reading files and mounted directories, swaps of the ``..data`` link included."""

import pytest

from webhook.config.errors import ConfigError
from webhook.config.loading import Sources, fingerprint, load_snapshot, read_directory, read_texts
from webhook.config.release import Release


def functions(release: Release) -> dict:
    """Stand-ins for the injector's functions."""
    return {name: lambda *_: "" for name in release.functions}


def mount(folder, version, **keys):
    """Lay out a directory as kubelet does and point ``..data`` at a version of it."""
    real = folder / f"..{version}"
    real.mkdir(parents=True)
    for key, text in keys.items():
        (real / key).write_text(text)
        link = folder / key
        if not link.is_symlink():
            link.symlink_to(f"..data/{key}")
    temporary = folder / "..data_tmp"
    temporary.symlink_to(real.name)
    temporary.replace(folder / "..data")


def test_a_file(tmp_path, old_config):
    path = tmp_path / "config.yaml"
    path.write_text(old_config)
    snapshot = load_snapshot(Sources(str(path)), funcs_for=functions)
    assert snapshot.release.version == "0.7.1"
    assert snapshot.source == str(path)


def test_a_mounted_directory(tmp_path, bracket_config):
    mount(tmp_path, "v1", config=bracket_config, mesh="proxyListenPort: 16001\n")
    assert read_directory(tmp_path) == {"config": bracket_config, "mesh": "proxyListenPort: 16001\n"}
    snapshot = load_snapshot(Sources(str(tmp_path)), funcs_for=functions)
    assert snapshot.mesh.message.get("proxy_listen_port") == 16001


def test_a_plain_directory(tmp_path, bracket_config):
    (tmp_path / "config").write_text(bracket_config)
    assert read_directory(tmp_path) == {"config": bracket_config}


def test_a_mesh_file_wins_over_the_directory(tmp_path, bracket_config):
    mount(tmp_path / "inject", "v1", config=bracket_config, mesh="proxyListenPort: 16001\n")
    (tmp_path / "mesh").write_text("proxyListenPort: 17001\n")
    texts = read_texts(Sources(str(tmp_path / "inject"), str(tmp_path / "mesh")))
    assert texts.mesh == "proxyListenPort: 17001\n"


def test_the_fingerprint_follows_a_swap(tmp_path):
    mount(tmp_path, "v1", config="a: 1\n")
    before = fingerprint(Sources(str(tmp_path)))
    assert before == fingerprint(Sources(str(tmp_path)))
    mount(tmp_path, "v2", config="a: 2\n")
    assert read_directory(tmp_path) == {"config": "a: 2\n"}
    assert fingerprint(Sources(str(tmp_path))) != before


def test_the_fingerprint_of_what_is_not_there(tmp_path):
    missing = str(tmp_path / "missing")
    assert fingerprint(Sources(missing)) == ((missing, "-"),)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda path: None, "no such file or directory"),
        (lambda path: path.write_text(" \n"), "is empty"),
        (lambda path: path.mkdir(), "has no file config"),
    ],
)
def test_what_cannot_be_read_is_named_with_a_remedy(tmp_path, make, what):
    path = tmp_path / "inject"
    make(path)
    with pytest.raises(ConfigError) as caught:
        read_texts(Sources(str(path)))
    assert what in str(caught.value)
    assert str(path) in str(caught.value)
    assert caught.value.remedy


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"there is no directory .*nowhere"):
        read_texts(Sources(str(tmp_path / "nowhere" / "config")))


def test_bytes_that_are_no_utf_8_are_kept(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_bytes(b"policy: enabled\ntemplate: 'a: \xff'\n")
    assert read_texts(Sources(str(path))).inject.encode("utf-8", "surrogateescape") == path.read_bytes()
