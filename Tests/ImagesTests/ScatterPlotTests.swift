import Images
import Testing

/// Points of groups as a picture.
@Suite struct ScatterPlotTests {
  private func colours(_ image: Image) -> Set<[UInt8]> {
    Set(stride(from: 0, to: image.pixels.count, by: 3).map { Array(image.pixels[$0..<$0 + 3]) })
  }

  @Test func eachGroupHasItsColour() {
    let points = (0..<3).map { ScatterPlot.Point(x: Double($0), y: 0, group: $0 == 2 ? nil : $0) }
    let image = ScatterPlot(title: "t", groups: ["a", "b"], points: points).rendered()
    let seen = colours(image)
    for colour in Colour.many.prefix(2) { #expect(seen.contains(colour.samples)) }
    #expect(!seen.contains(Colour.many[2].samples))
  }

  /// Distances are kept: a row of points lies in the middle, from edge to edge.
  @Test func acrossAndDownHaveOneScale() {
    let plot = ScatterPlot(
      title: "", groups: [],
      points: (0..<5).map { .init(x: Double($0), y: 7 + Double($0) / 10, group: nil) })
    let frame = plot.frame
    #expect(frame.x == 2 && abs(frame.y - 7.2) < 1e-9 && abs(frame.reach - 2.08) < 1e-9)
  }

  @Test(arguments: [0, 1, 2, 3, 10, 100])
  func mixingLosesNoPoint(_ count: Int) {
    let points = (0..<count).map { ScatterPlot.Point(x: Double($0), y: 0, group: $0) }
    let plot = ScatterPlot(title: "", groups: [], points: points)
    #expect(plot.mixed.map(\.x).sorted() == points.map(\.x))
  }

  @Test func whatIsNotFiniteOrTooManyIsLeftOut() {
    var plot = ScatterPlot(
      title: "many", groups: (0..<100).map { "group \($0)" },
      points: [.init(x: .nan, y: 0, group: 0), .init(x: 1, y: 1, group: 99)])
    let image = plot.rendered()
    plot.points.removeFirst()
    #expect(plot.rendered() == image)
    #expect(image.height < 1200)
  }
}
