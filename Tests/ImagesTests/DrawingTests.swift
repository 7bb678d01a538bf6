import Images
import Testing

@Suite("Contact sheets and plots")
struct DrawingTests {
  @Test func aSheetEnlargesPixels() {
    let image = Image(width: 2, height: 1, format: .grey, pixels: [10, 200])
    var sheet = ContactSheet(images: [image, image, image], columns: 2)
    sheet.scale = 3
    sheet.padding = 2
    let drawn = sheet.rendered()
    #expect(drawn.width == 2 + 2 * (6 + 2) && drawn.height == 2 + 2 * (3 + 2))
    for (x, y, level) in [
      (2, 2, 10), (4, 4, 10), (5, 2, 200), (7, 4, 200), (10, 2, 10), (2, 7, 10),
    ] {
      #expect(drawn[x, y] == UInt8(level))
    }
    for (x, y) in [(1, 2), (8, 2), (2, 5), (10, 7)] { #expect(drawn[x, y] == 236) }
  }

  @Test func framesAndTitlesAreDrawn() {
    let image = Image(width: 8, height: 8, format: .grey, filledWith: [0])
    var sheet = ContactSheet(rows: [[.init(image, frame: .hole, label: "7"), nil]])
    let plain = sheet.rendered()
    sheet.rowTitles = ["row"]
    sheet.columnTitles = ["a", "a title much longer than its cell"]
    let titled = sheet.rendered()
    #expect(titled.width > plain.width && titled.height > plain.height)
    let frame = stride(from: 0, to: plain.pixels.count, by: 3).filter {
      Array(plain.pixels[$0..<$0 + 3]) == Colour.hole.samples
    }
    #expect(frame.count == 68 * 68 - 64 * 64)
    #expect(sheet.rendered() == titled)
  }

  @Test func everyCharacterHasAGlyphOfItsOwn() {
    var seen: Set<[UInt8]> = []
    for code in UInt8(32)...126 {
      var canvas = Canvas(width: 5, height: 9)
      canvas.write(String(decoding: [code], as: UTF8.self), x: 0, y: 0)
      #expect(seen.insert(canvas.image.pixels).inserted, "code \(code)")
    }
    #expect(seen.count == 95)
  }

  @Test func textsAreCutToFit() {
    #expect(BitmapFont.width(of: "abc") == 17)
    #expect(BitmapFont.fitted("abcdef", columns: 35) == "abcdef")
    #expect(BitmapFont.fitted("abcdef", columns: 34) == "abc..")
    #expect(BitmapFont.fitted("abcdef", columns: 4) == "")
  }

  @Test(arguments: [
    (0.0, 1.0, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (-1.0, 1.0, 4, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
    (81.3, 96.2, 7, ["82", "84", "86", "88", "90", "92", "94", "96"]),
    (0.0, 60_000.0, 6, ["0", "10000", "20000", "30000", "40000", "50000", "60000"]),
    (0.0, 4e9, 4, ["0e+00", "1e+09", "2e+09", "3e+09", "4e+09"]),
    (0.001, 0.0035, 5, ["0.0010", "0.0015", "0.0020", "0.0025", "0.0030", "0.0035"]),
  ])
  func ticksAreNice(_ low: Double, _ high: Double, _ count: Int, _ labels: [String]) {
    let ticks = AxisTicks(range: low...high, count: count)
    #expect(ticks.labels == labels)
    for value in ticks.values { #expect(value >= low - 1e-9 && value <= high + 1e-9 * abs(high)) }
  }

  private func plot(_ points: [LinePlot.Point]) -> LinePlot {
    LinePlot(
      title: "Loss", horizontalTitle: "step", verticalTitle: "nats",
      series: [.init(name: "training", points: points)])
  }

  private func count(_ colour: Colour, in image: Image) -> Int {
    stride(from: 0, to: image.pixels.count, by: 3).count {
      image.pixels[$0] == colour.red && image.pixels[$0 + 1] == colour.green
        && image.pixels[$0 + 2] == colour.blue
    }
  }

  @Test func aPlotShowsItsCurve() {
    let points = (0...100).map { LinePlot.Point(x: Double($0), y: 90 - Double($0) / 10) }
    let image = plot(points).rendered()
    #expect(image.width == 900 && image.height == 540)
    #expect(count(Colour.distinct[0], in: image) > 800)
    #expect(count(Colour.distinct[1], in: image) == 0)
    #expect(plot(points).rendered() == image)
  }

  @Test(arguments: [
    [], [LinePlot.Point(x: 1, y: 1)], [.init(x: 0, y: 5), .init(x: 1, y: 5)],
    [.init(x: 0, y: .nan), .init(x: 1, y: .infinity)],
    [.init(x: 0, y: -1e308), .init(x: 1, y: 1e308), .init(x: 2, y: 0)],
    [.init(x: 0, y: 1), .init(x: 1, y: .nan), .init(x: 2, y: 2), .init(x: 3, y: 3)],
    [.init(x: 0, y: 1e-300), .init(x: 1e-300, y: 2e-300)],
  ])
  func aPlotSurvivesStrangePoints(_ points: [LinePlot.Point]) {
    #expect(plot(points).rendered().pixels.count == 900 * 540 * 3)
  }

  @Test func aGivenRangeCutsTheCurve() {
    var plot = plot([.init(x: 0, y: 1000), .init(x: 1, y: 1), .init(x: 2, y: 0)])
    plot.verticalRange = 0...2
    let image = plot.rendered()
    #expect(count(Colour.distinct[0], in: image) > 300)
    // Nothing is drawn in the margin to the right of the frame.
    let margin = image.cropped(to: Rectangle(x: 890, y: 60, width: 10, height: 400))
    #expect(margin.pixels.allSatisfy { $0 == 255 })
  }
}
