import Images
import Testing

@Suite struct BarChartTests {
  private func column(_ image: Image, _ colour: Colour) -> Int {
    (0..<image.width * image.height).count { place in
      Array(image.pixels[place * 3..<place * 3 + 3]) == colour.samples
    }
  }

  @Test func barsAreAsHighAsTheirValues() {
    var chart = BarChart(
      title: "", verticalTitle: "",
      bars: [.init(name: "whole", value: 100), .init(name: "half", value: 50)])
    chart.highest = 100
    let image = chart.rendered()
    #expect(image.width == 900 && image.height == 540)
    let (whole, half) = (
      Double(column(image, Colour.distinct[0])), Double(column(image, Colour.distinct[1]))
    )
    #expect(abs(half / whole - 0.5) < 0.02)
    #expect(chart.rendered() == image)
  }

  @Test func oddBarsAreDrawnAllTheSame() {
    for bars in [
      [], [BarChart.Bar(name: "", value: 0)], [BarChart.Bar(name: "no number", value: .nan)],
      [BarChart.Bar(name: "spread", value: 1, spread: 5, caption: "1 +- 5")],
      (0..<40).map { BarChart.Bar(name: "bar \($0)", value: Double($0), spread: .infinity) },
    ] {
      let image = BarChart(title: "t", verticalTitle: "v", bars: bars).rendered()
      #expect(image.pixels.count == 900 * 540 * 3)
    }
  }
}
