"""The file store: only kinds we know, by content; under their hash; photos without what they tell of their owner."""

import io
import os
import struct
import zipfile
import zlib

import docx
import openpyxl
import pytest
from PIL import Image

from engine import file_kinds, files
from engine.files import FileRefused, FileStore
from models.errors import NotFound


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / "files")


def photo(orientation=6, comment=b"chup tai nha", size=(64, 48)):
    image = Image.effect_noise(size, 60).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Hang may anh"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (21.0, 1.0, 2.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=comment, progressive=True, icc_profile=b"mau" * 50)
    return out.getvalue()


def saved(thing):
    out = io.BytesIO()
    thing.save(out)
    return out.getvalue()


def open_document(kind):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        package.writestr("content.xml", "<office/>")
    return out.getvalue()


def png(extra=b""):
    out = io.BytesIO()
    Image.effect_noise((16, 16), 60).save(out, "PNG")
    data = out.getvalue()
    return data[:33] + extra + data[33:]


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
GOOD = {
    "application/pdf": lambda: PDF,
    "image/jpeg": photo,
    "image/png": png,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": lambda: saved(docx.Document()),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": lambda: saved(openpyxl.Workbook()),
    "application/vnd.oasis.opendocument.text": lambda: open_document("text"),
    "application/vnd.oasis.opendocument.spreadsheet": lambda: open_document("spreadsheet"),
}


def test_the_list_of_kinds_is_the_one_promised():
    assert set(GOOD) == file_kinds.MEDIA_TYPES


@pytest.mark.parametrize("kind", GOOD)
def test_a_kind_we_know_is_kept_under_its_hash(kind, store):
    stored = store.put(io.BytesIO(GOOD[kind]()))
    assert stored.media_type == kind
    with store.open(stored.sha256) as file:
        assert len(file.read()) == stored.size
    assert store.is_sound(stored.sha256)
    assert store.path(stored.sha256).parent.parent.name == stored.sha256[:2]
    assert list(store) == [stored.sha256]


def test_the_same_bytes_are_kept_once(store):
    assert store.put(io.BytesIO(PDF)) == store.put(io.BytesIO(PDF))
    assert len(list(store)) == 1
    assert list((store.root / "incoming").iterdir()) == []


def macro():
    out = io.BytesIO(saved(docx.Document()))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("word/vbaProject.bin", b"x")
    return out.getvalue()


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b"0" * 12_000_000)
    return out.getvalue()


def plain_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("bao cao.exe", b"MZ")
    return out.getvalue()


BAD = {
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "text": "Báo cáo".encode(),
    "program": b"MZ\x90\x00",
    "gif": b"GIF89a" + b"\0" * 20,
    "zip": plain_zip(),
    "macro": macro(),
    "bomb": bomb(),
    "pdf without end": PDF[:-6],
    "pdf with a zip behind": PDF + plain_zip() + b"%%EOF",
    "zip behind something": b"PK\x03\x04junk" + saved(docx.Document()),
    "cut photo": photo()[:200],
    "cut png": png()[:-20],
    "pdf with a preface": b"MZ" + PDF,
}


@pytest.mark.parametrize("name", BAD)
def test_anything_else_is_refused_and_leaves_nothing(name, store):
    with pytest.raises(FileRefused) as refused:
        store.put(io.BytesIO(BAD[name]))
    assert refused.value.reason == "file_type"
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_an_empty_and_a_too_large_file_are_refused(store):
    with pytest.raises(FileRefused, match="file_empty"):
        store.put(io.BytesIO(b""))
    with pytest.raises(FileRefused, match="file_too_large"):
        store.put(io.BytesIO(PDF + b"0" * 100), limit=100)


def test_an_endless_upload_is_cut_off_at_the_limit(store):
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size=-1):
            self.taken += size
            return b"0" * size

    stream = Endless()
    with pytest.raises(FileRefused, match="file_too_large"):
        store.put(stream, limit=1_000_000)
    assert stream.taken < 1_200_000


def test_a_photo_loses_place_camera_and_words_but_not_its_orientation_or_a_pixel():
    before = photo(orientation=6)
    after = file_kinds.clean_jpeg(before)
    for trace in (b"Hang may anh", b"chup tai nha"):
        assert trace in before
        assert trace not in after
    image = Image.open(io.BytesIO(after))
    assert dict(image.getexif()) == {0x0112: 6}
    assert not image.getexif().get_ifd(0x8825)
    assert image.info["icc_profile"] == b"mau" * 50
    assert image.tobytes() == Image.open(io.BytesIO(before)).tobytes()
    assert file_kinds.clean_jpeg(after) == after


def test_an_upright_photo_keeps_no_exif_at_all():
    assert b"Exif" not in file_kinds.clean_jpeg(photo(orientation=1))


def test_whatever_follows_the_end_of_a_picture_is_dropped():
    for clean, picture in ((file_kinds.clean_jpeg, photo()), (file_kinds.clean_png, png())):
        assert clean(picture + plain_zip()) == clean(picture)


def test_a_png_loses_its_texts_and_keeps_its_pixels():
    data = png(chunk(b"tEXt", b"Author\0nguoi chup") + chunk(b"eXIf", b"II*\0"))
    clean = file_kinds.clean_png(data)
    assert b"nguoi chup" not in clean
    assert b"eXIf" not in clean
    assert Image.open(io.BytesIO(clean)).tobytes() == Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64])
def test_only_a_hash_opens_a_file(name, store):
    with pytest.raises(NotFound):
        store.open(name)


def test_file_and_folders_are_synced_before_the_store_answers(store, monkeypatch):
    said = []
    real_fsync, real_replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (said.append(os.readlink(f"/proc/self/fd/{fd}")), real_fsync(fd))[1])
    monkeypatch.setattr(os, "replace", lambda a, b: (said.append("renamed"), real_replace(a, b))[1])
    stored = store.put(io.BytesIO(PDF))
    place = store.path(stored.sha256)
    renamed = said.index("renamed")
    assert any("incoming" in path for path in said[:renamed])
    assert said[-1] == str(place.parent)
    assert {str(place.parent.parent), str(store.root)} <= set(said)


def test_damage_is_noticed(store):
    stored = store.put(io.BytesIO(PDF))
    path = store.path(stored.sha256)
    path.chmod(0o600)
    path.write_bytes(PDF.replace(b"1.7", b"1.4"))
    assert not store.is_sound(stored.sha256)
    assert files.LIMIT == 25 * files.MIB
