#!/usr/bin/env python3
"""Golden pictures for the Go package cifar: generated files, and how Pillow shows each.

Run:    python3 scripts/golden-pictures.py        (from anywhere; needs Pillow 11.3 or newer and numpy)
Writes: cifar/testdata/pictures/*.png, *.jpg, *.gif    (small pictures of every kind)
        cifar/testdata/pictures/want.png               (a row of 32x32 pixels for each, by name: cropped, squashed)

Pillow reads each file, turns it upright by its EXIF data, lays it on white, and scales it by the cubic filter. At
hard edges that filter shoots over, and where Pillow cuts this off is its own: pictures with such edges are 32 pixels
on their shorter side, so that the square in the middle is not scaled, and are not squashed (transparent in want.png).
The files themselves come from Pillow where it can write them; PNG of all depths, EXIF blocks of all types and
frames that fill a part of their canvas are put together here, byte by byte, by the formats' specifications.

Where Pillow does not show what a file holds, this script says so beside the case (note).
"""
import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

OUT = pathlib.Path(__file__).resolve().parent.parent / "cifar" / "testdata" / "pictures"
SIDE = 32


def scene(w, h):
    """A smooth picture, h x w x 3, that every rotation or reflection changes."""
    y, x = np.mgrid[0:h, 0:w]
    u, v = x / (w - 1), y / (h - 1)
    rgb = np.stack([255 * u, 255 * v, 127 + 120 * np.sin(5 * u + 3 * v)], -1)
    return rgb.round().astype(np.uint8)


# ---- PNG (ISO 15948), written here: Pillow writes neither interlaced ones nor all depths.

def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def scanlines(samples, depth):
    """Rows of samples (h x w x channels) as bytes, each after the filter 0."""
    out = b""
    for row in samples:
        flat = row.reshape(-1)
        if depth == 16:
            line = flat.astype(">u2").tobytes()
        elif depth == 8:
            line = flat.astype(np.uint8).tobytes()
        else:
            bits = np.unpackbits(flat.astype(np.uint8)[:, None], axis=1)[:, 8 - depth:]
            line = np.packbits(bits.reshape(-1)).tobytes()
        out += b"\0" + line
    return out


def png(samples, depth, colour, interlaced=False, **chunks):
    h, w, _ = samples.shape
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = b"".join(scanlines(samples[y::dy, x::dx], depth) for x, y, dx, dy in passes
                    if samples[y::dy, x::dx].size) if interlaced else scanlines(samples, depth)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, interlaced))
    for kind in ("PLTE", "tRNS"):
        if kind in chunks:
            file += chunk(kind.encode(), chunks[kind])
    if not chunks.get("late"):
        file += b"".join(chunk(b"eXIf", chunks[k]) for k in ("eXIf",) if k in chunks)
    file += chunk(b"IDAT", zlib.compress(data, 9))
    if chunks.get("late"):
        file += chunk(b"eXIf", chunks["eXIf"])
    return file + chunk(b"IEND", b"")


def kinds():
    for interlaced in (False, True):
        w, h = (SIDE, 37) if interlaced else (SIDE, SIDE)
        tag = "-interlaced" if interlaced else ""
        rgb = scene(w, h)
        grey = rgb[..., 2:]
        alpha = np.broadcast_to(rgb[..., :1] // 2 + 128 * (rgb[..., 1:2] > 99), grey.shape)
        for depth in (1, 2, 4, 8, 16):
            top = 2**depth - 1
            deep = (grey.astype(int) * 257 + np.arange(w)[None, :, None] * 3) % 65536 if depth == 16 else grey >> (8 - depth)
            yield f"png-grey{depth}{tag}", png(deep, depth, 0, interlaced)
            if depth < 16:
                yield f"png-grey{depth}-trns{tag}", png(deep, depth, 0, interlaced, tRNS=struct.pack(">H", top))
            if depth < 16:
                n = 2**depth
                index = (np.arange(w)[None, :] * 3 + np.arange(h)[:, None] * 5)[..., None] // 4 % n
                palette = np.stack([np.arange(n) * 97 % 256, np.arange(n) * 57 % 256, 255 - np.arange(n) * 31 % 256], -1).astype(np.uint8)
                yield f"png-palette{depth}{tag}", png(index, depth, 3, interlaced, PLTE=palette.tobytes())
                yield f"png-palette{depth}-trns{tag}", png(index, depth, 3, interlaced, PLTE=palette.tobytes(), tRNS=bytes([0, 128][:n]))
        for depth, factor in ((8, 1), (16, 257)):
            wide = rgb.astype(int) * factor
            yield f"png-rgb{depth}{tag}", png(wide, depth, 2, interlaced)
            yield f"png-greyalpha{depth}{tag}", png(np.concatenate([grey, alpha], -1).astype(int) * factor, depth, 4, interlaced)
            yield f"png-rgba{depth}{tag}", png(np.concatenate([rgb, alpha], -1).astype(int) * factor, depth, 6, interlaced)
        yield f"png-rgb8-trns{tag}", png(rgb, 8, 2, interlaced, tRNS=struct.pack(">HHH", *rgb[5, 7]))


def sizes():
    for w, h in ((45, 30), (30, 45), (9, 4), (90, 31)):  # an odd number of columns or rows is cut off
        yield f"png-{w}x{h}", png(scene(w, h), 8, 2)


# ---- EXIF orientation (Exif 2.3, 4.6.2 and 4.6.4)

def exif(orientation, order, kind="SHORT", count=1):
    """A TIFF block whose second entry is the orientation, in either byte order."""
    number, code = {"SHORT": (3, "H"), "LONG": (4, "I"), "SSHORT": (8, "h"), "SLONG": (9, "i")}[kind]
    mark = {"<": b"II*\0", ">": b"MM\0*"}[order]
    values = struct.pack(order + code * count, orientation, *[1] * (count - 1))
    end = 8 + 2 + 2 * 12 + 4
    inline = values.ljust(4, b"\0") if len(values) <= 4 else struct.pack(order + "I", end)
    return (mark + struct.pack(order + "IH", 8, 2) + struct.pack(order + "HHIHH", 0x0106, 3, 1, 2, 0)
            + struct.pack(order + "HHI", 0x0112, number, count) + inline + struct.pack(order + "I", 0)
            + (values if len(values) > 4 else b""))


def stored(rgb, orientation):
    """The pixels of a file that shows rgb, given the positions of the file's row 0 and column 0 in it."""
    return {1: rgb, 2: rgb[:, ::-1], 3: rgb[::-1, ::-1], 4: rgb[::-1], 5: rgb.transpose(1, 0, 2),
            6: rgb[:, ::-1].transpose(1, 0, 2), 7: rgb[::-1, ::-1].transpose(1, 0, 2), 8: rgb[::-1].transpose(1, 0, 2)}[orientation]


def turned():
    rgb = scene(39, 28)  # of which an odd number of columns is cut off
    for o in range(1, 9):
        for order, name in (("<", "little"), (">", "big")):
            for kind in ("SHORT", "LONG"):
                block = exif(o, order, kind)
                tag = f"turned{o}-{name}-{kind.lower()}"
                yield f"jpeg-{tag}", jpeg(stored(rgb, o), quality=90, subsampling=0, exif=b"Exif\0\0" + block)
                if order == "<" or kind == "SHORT":
                    yield f"png-{tag}", png(stored(rgb, o), 8, 2, eXIf=block, late=o % 2 == 0)
    for kind in ("SSHORT", "SLONG"):
        yield f"png-turned6-{kind.lower()}", png(stored(rgb, 6), 8, 2, eXIf=exif(6, "<", kind))
    for count in (2, 3):
        for order, name in (("<", "little"), (">", "big")):
            yield f"png-turned8-{name}-{count}-shorts", png(stored(rgb, 8), 8, 2, eXIf=exif(8, order, count=count))
    yield "png-turned0", png(rgb, 8, 2, eXIf=exif(0, "<"))
    yield "png-turned9", png(rgb, 8, 2, eXIf=exif(9, "<"))


# ---- JPEG

def jpeg(rgb, mode="RGB", **options):
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgb), mode="RGB").convert(mode).save(file, "JPEG", **options)
    return file.getvalue()


def jpegs():
    rgb = scene(40, 30)
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        yield f"jpeg-{name}", jpeg(rgb, quality=92, subsampling=subsampling)
        yield f"jpeg-{name}-progressive", jpeg(rgb, quality=92, subsampling=subsampling, progressive=True)
    yield "jpeg-grey", jpeg(rgb, "L", quality=92)
    yield "jpeg-grey-progressive", jpeg(rgb, "L", quality=92, progressive=True)
    yield "jpeg-restarts", jpeg(rgb, quality=92, subsampling=0, restart_marker_blocks=2)
    yield "jpeg-rgb", jpeg(rgb, quality=92, keep_rgb=True, subsampling=0)
    yield "jpeg-low-quality", jpeg(rgb, quality=15, subsampling=0)
    cmyk = jpeg(rgb, "CMYK", quality=92)
    yield "jpeg-cmyk", cmyk
    yield "jpeg-cmyk-progressive", jpeg(rgb, "CMYK", quality=92, progressive=True)
    at = cmyk.index(b"Adobe") + 11  # the transform: 2 says that the planes are Y, Cb, Cr and K
    yield "jpeg-ycck", cmyk[:at] + b"\2" + cmyk[at + 1:]
    yield "jpeg-profile", jpeg(rgb, quality=92, subsampling=0, icc_profile=swapping_profile())


def swapping_profile():
    """An ICC profile that no reader here applies: its content does not matter."""
    from PIL import ImageCms
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


# ---- GIF and animations

def gif(rgb, colours, **options):
    file = io.BytesIO()
    Image.fromarray(rgb).quantize(colours, dither=0).save(file, "GIF", **options)
    return file.getvalue()


def part(file, canvas, at):
    """The GIF with its only frame at a position on a larger canvas (GIF89a, 18 and 20)."""
    file = bytearray(file)
    file[6:10] = struct.pack("<HH", *canvas)
    descriptor = 13 + 3 * 2 ** ((file[10] & 7) + 1)
    while file[descriptor] != 0x2C:  # after extensions
        descriptor += 2
        while file[descriptor]:
            descriptor += 1 + file[descriptor]
        descriptor += 1
    file[descriptor + 1:descriptor + 5] = struct.pack("<HH", *at)
    return bytes(file)


def animated(format, **options):
    frames = [Image.fromarray(np.roll(scene(38, SIDE), 9 * i, axis=1)) for i in range(3)]
    if format == "GIF":
        frames = [f.quantize(16, dither=0) for f in frames]
    file = io.BytesIO()
    frames[0].save(file, format, save_all=True, append_images=frames[1:], duration=50, **options)
    return file.getvalue()


def gifs():
    rgb = scene(39, SIDE)
    for colours in (2, 16, 256):
        yield f"gif-{colours}", gif(rgb, colours, interlace=0)
        yield f"gif-{colours}-interlaced", gif(rgb, colours, interlace=1)
    clear = gif(rgb, 16, transparency=3)
    yield "gif-transparent", clear
    # note: beside a frame without transparency Pillow shows the first colour of its palette, browsers what is
    # behind the picture; here that colour is white, and both are the same.
    small = Image.fromarray(scene(20, 16)).quantize(16, dither=0)
    for name, options in (("gif-part-transparent", dict(transparency=3)), ("gif-part", {})):
        small.putpalette([255] * 3 + small.getpalette()[3:])
        file = io.BytesIO()
        small.save(file, "GIF", **options)
        yield name, part(file.getvalue(), (47, SIDE), (13, 5))
        yield name + "-corner", part(file.getvalue(), (SIDE, SIDE), (12, 16))
    yield "gif-animated", animated("GIF", loop=0)
    yield "png-animated", animated("PNG")
    yield "png-animated-default", animated("PNG", default_image=True)


# ---- What Pillow shows

def shown(file):
    """The picture, upright, on white."""
    picture = Image.open(io.BytesIO(file))
    if picture.mode.startswith("I"):  # 16 bits of grey: Pillow's conversion would clip them at 255
        return Image.fromarray((np.asarray(picture).astype(int) >> 8).astype(np.uint8)).convert("RGB")
    picture = ImageOps.exif_transpose(picture).convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def classified(picture, edges):
    """Its pixels, 32 x 64 x 4: the centred square, and the whole picture, scaled."""
    w, h = picture.size
    side = min(w, h)
    left, top = (w - side) // 2, (h - side) // 2
    squares = picture.crop((left, top, left + side, top + side)), picture
    cropped, squashed = (s.resize((SIDE, SIDE), Image.BICUBIC).convert("RGBA") for s in squares)
    if edges and picture.size != (SIDE, SIDE):
        assert side == SIDE
        squashed = Image.new("RGBA", (SIDE, SIDE))
    return np.concatenate([cropped, squashed], 1)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    files = {}
    edged = set()
    for cases in (kinds, sizes, turned, jpegs, gifs):
        for name, file in cases():
            ext = {b"\x89": ".png", b"\xff": ".jpg", b"G": ".gif"}[file[:1]]
            files[name + ext] = file
            if cases in (kinds, gifs):
                edged.add(name + ext)
    rows = []
    for name in sorted(files):
        (OUT / name).write_bytes(files[name])
        rows.append(classified(shown(files[name]), name in edged))
    Image.fromarray(np.concatenate(rows)).save(OUT / "want.png", optimize=True)
    print(len(files), "pictures,", sum(f.stat().st_size for f in OUT.iterdir()), "bytes")


if __name__ == "__main__":
    main()
