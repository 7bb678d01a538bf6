"""Uses the page of `lacuna serve` in chromium, as a person would: by mouse, by keys alone, on a phone."""

import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent))
from server import DIGITS, serving, train_encoder  # noqa: E402

MISSING = "[...state.missing].filter((value) => value).length"


def until(page, expression):
    """Waits; the page's own policy forbids what playwright's waiting evaluates."""
    for _ in range(500):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never: {expression}")


def stroke(page, share):
    box = page.locator("#canvas").bounding_box()
    y = box["y"] + box["height"] * share
    page.mouse.move(box["x"] + 4, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, y, steps=3)
    page.mouse.up()


def filled(page, count):
    until(page, f"document.querySelectorAll('#answers li').length === {count}")
    ranks = page.locator("#answers li p:first-of-type").all_inner_texts()
    nats = [float(text.split()[1]) for text in ranks]
    assert nats == sorted(nats, reverse=True), nats
    kinds = page.locator("#answers .kind").all_inner_texts()
    assert all(kind.split(",")[0] in ("exact", "approximate") for kind in kinds), kinds


def by_mouse(page, folder):
    page.locator("#size").fill("2")
    stroke(page, 0.6)
    stroke(page, 0.8)
    painted = page.evaluate(MISSING)
    assert painted == 32, painted
    page.click("#fill")
    filled(page, 4)
    assert page.locator("#extras figure").count() == 2
    page.screenshot(path=folder / "page.png")

    page.click("#undo")
    assert page.evaluate(MISSING) < painted
    page.click("#eraser")
    stroke(page, 0.6)
    page.click("#clear")
    assert page.evaluate(MISSING) == 0
    page.click("#brush")
    stroke(page, 0.6)
    before = page.evaluate("[...state.missing]")
    with page.expect_download() as download:
        page.click("#save-mask")
    mask = folder / "mask.png"
    download.value.save_as(mask)
    assert Image.open(mask).size == (8, 8)
    page.click("#invert")
    page.set_input_files("#load-mask", mask)
    until(page, "document.getElementById('status').textContent.includes('loaded')")
    assert page.evaluate("[...state.missing]") == before

    with page.expect_download() as download:
        page.locator("#answers button", has_text="Save").first.click()
    assert download.value.suggested_filename.endswith(".png")
    page.locator("#answers button", has_text="Take").first.click()
    assert page.evaluate(MISSING) == 0
    page.set_input_files("#open", DIGITS.parents[1] / "digits-holdout/digit8-01.png")
    until(page, "state.name === 'digit8-01'")


def by_progress(page, folder):
    """Long work shows how far it is, and is given up by a key; the page goes on."""
    page.click("#invert")
    page.keyboard.press("Tab")
    page.locator("#samples").fill("64")
    page.locator("#canvas").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    until(page, "!$('work').hidden && $('progress').value > 0 && $('progress').max > 0")
    page.screenshot(path=folder / "progress.png")
    page.keyboard.press("Escape")
    until(page, "$('status').textContent === 'Stopped.' && $('work').hidden")
    page.locator("#samples").fill("4")
    page.click("#fill")
    filled(page, 4)


def by_keys(page):
    """No pointer: from the model to the answers by Tab, arrows, space and Enter."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "canvas":
            break
    else:
        raise AssertionError("the picture cannot be reached by Tab")
    for key in ["]", "]", "ArrowDown", " ", "Shift+ArrowRight", " ", "Control+z", "Enter"]:
        page.keyboard.press(key)
    assert page.evaluate(MISSING) > 0
    filled(page, 4)
    assert "row" in page.locator("#place").inner_text()


def by_touch(page, folder):
    box = page.locator("#canvas").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.evaluate(MISSING) > 0
    page.tap("#fill")
    filled(page, 4)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.screenshot(path=folder / "phone.png", full_page=True)


def main():
    binary, chromium, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as models, sync_playwright() as playwright:
        encoder = train_encoder(binary, models)
        with serving(binary, [encoder, DIGITS], "--queue-rows", "100000", "--threads", "1") as (url, _):
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox"])
            problems, others = [], []
            for use in [by_mouse, by_progress, by_keys, by_touch]:
                phone = {"viewport": {"width": 320, "height": 640}, "has_touch": True,
                         "is_mobile": True}
                desk = {"viewport": {"width": 1000, "height": 760}}
                page = browser.new_page(**(phone if use is by_touch else desk))
                page.on("console", lambda message: problems.append(message.text))
                page.on("pageerror", lambda error: problems.append(str(error)))
                page.on("request", lambda request: others.append(request.url))
                page.goto(url + "/")
                until(page, "state.picture !== null")
                assert page.locator("#model").input_value() == DIGITS.stem
                use(page, *([] if use is by_keys else [folder]))
                print(f"{use.__name__}: as it should be", flush=True)
            assert not problems, problems
            local = (url, "data:", "blob:")
            assert not [other for other in others if not other.startswith(local)], others
            browser.close()


if __name__ == "__main__":
    main()
