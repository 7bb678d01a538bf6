import Files
import HTTPTypes

/// The page `GET /`: a picture, a brush and a button, kept in the program, so that no request leaves the machine.
enum Page {
  /// Its files.
  static let routes: [Route] = [
    route("/", "page", "The page.", PackageResources.page_html, "text/html; charset=utf-8"),
    route("/page.css", "pageStyle", "Its looks.", PackageResources.page_css, "text/css"),
    route("/page.js", "pageScript", "Its behaviour.", PackageResources.page_js, "text/javascript"),
    route(
      "/examples.json", "examples", "Pictures to try it with.", examples, "application/json"),
  ]

  /// Nothing but its own files, which no other page may frame.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data: blob:; connect-src 'self'; "
    + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

  private static func route(
    _ path: String, _ name: String, _ summary: String, _ bytes: [UInt8], _ type: String
  ) -> Route {
    var headers: HTTPFields = [.contentSecurityPolicy: policy, .cacheControl: "no-cache"]
    if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "no-referrer" }
    let reply = Reply(bytes, type: type, headers: headers)
    let schema = JSON.object([("type", .text(type == "application/json" ? "object" : "string"))])
    return Route(
      method: .get, path: path, name: name, summary: summary, body: .none,
      answer: Route.Answer(
        type: String(type.prefix { $0 != ";" }), schema: schema, summary: summary),
      isOpen: true, handle: { _ in reply })
  }

  /// A few shipped digits.
  private static let examples: [UInt8] = {
    let digits = [
      PackageResources.digit0_01_png, PackageResources.digit2_01_png,
      PackageResources.digit3_01_png, PackageResources.digit5_01_png,
      PackageResources.digit8_01_png,
    ]
    let images = JSON.list(digits.map { .text(Base64.text($0)) })
    return Array(JSON.object([("images", images)]).line.utf8)
  }()
}
