import Tasks
import TestSupport
import Testing

/// Reading tables of features.
@Suite struct FeatureTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func table(_ text: String) throws -> FeatureTable {
    try FeatureTable(contentsOf: folder.write(text, to: "t.csv"))
  }

  @Test func numbersAndLabelsAreRead() throws {
    let table = try table(
      "\u{FEFF}filename,label,embedding_0,variance_0,embedding_1,predicted_class\r\n"
        + "\"a, \"\"b\"\"\n.png\",x,0.1,9,-3.4028235e+38,x\r\n" + "\n" + "b,,1e-05,9,\"7\",y")
    #expect(table.count == 2 && table.width == 2)
    #expect(table.columns == ["embedding_0", "embedding_1"])
    #expect(table.labels == ["x", nil])
    #expect(table.predictions == ["x", "y"])
    #expect(table.features == [0.1, -3.4028235e+38, 1e-05, 7])
  }

  @Test func otherTablesHaveOtherNames() throws {
    let table = try table("label,width,height\na,1,2\nb,3,4\n")
    #expect(table.width == 2)
    #expect(table.features == [1, 2, 3, 4])
    #expect(table.predictions == nil)
  }

  @Test(arguments: [
    "Label,a\rx,1\r,2\r", " label , a \r\n x , 1 \r\n,2\r\n\r\n", "\u{feff}LABEL,a\nx, 1\n\"\" ,2",
  ])
  func tablesOfSpreadsheetsAreTaken(_ text: String) throws {
    let table = try table(text)
    #expect(table.labels == ["x", nil] && table.features == [1, 2] && table.columns == ["a"])
  }

  /// Every float32 text that is written reads back, the quick way or the slow one.
  @Test func floatsReadBack() throws {
    var pattern: UInt32 = 12345
    var values: [Float] = [
      0, -0.0, 1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 16_777_216,
    ]
    while values.count < 4000 {
      pattern = pattern &* 1_664_525 &+ 1_013_904_223
      let value = Float(bitPattern: pattern)
      if value.isFinite { values.append(value) }
      values.append(Float(Int32(bitPattern: pattern)) / 1e8)
    }
    let lines = values.map { "x,\($0)\n" }.joined()
    #expect(try table("label,f\n" + lines).features == values)
  }

  @Test(arguments: [
    ("", "is empty; give a table of features"),
    ("label,a\n", "has a header and no rows"),
    ("filename,a\nx,1\n", "line 1: the header has no column 'label'"),
    ("filename,label\nx,1\n", "line 1: the header has no columns of features"),
    ("label,a\nx,1\nx,1,2\n", "line 3: has 3 fields, but the header has 2"),
    ("label,a\nx\n", "line 2: has 1 fields, but the header has 2"),
    ("label;a\nx;1\n", "line 1: its fields are separated by semicolons"),
    ("label\ta\nx\t1\n", "line 1: its fields are separated by tabs"),
    ("Label,LABEL,a\nx,y,1\n", "line 1: the header has two columns 'label'"),
    ("label,a,b,a\nx,1,2,3\n", "line 1: the header has two columns 'a'"),
    ("l\0a\0", "line 1: is not UTF-8 but UTF-16"),
    ("label,a\n\"x\n\",1\ny,one\n", "line 4: column 'a' has 'one', which is no finite number"),
    ("label,a\nx,nan\n", "line 2: column 'a' has 'nan', which is no finite number"),
    ("label,a\nx,1e999\n", "line 2: column 'a' has '1e999', which is no finite number"),
    ("label,a\nx,\n", "line 2: column 'a' has '', which is no finite number"),
    ("label,a\nx,1 2\n", "line 2: column 'a' has '1 2', which is no finite number"),
    ("label,a\nx,-\n", "line 2: column 'a' has '-', which is no finite number"),
    ("label,a\nx\"y\",1\n", "line 2: a quote stands within a field"),
    ("label,a\n\"x\"y,1\n", "line 2: text follows a quoted field"),
    ("label,a\nx,1\n\"y,1\n", "line 3: a quoted field does not end: the file is cut short"),
  ])
  func mistakesAreNamedWithTheirLine(_ text: String, _ reason: String) throws {
    #expect {
      _ = try table(text)
    } throws: { error in
      "\(error)".contains("t.csv: \(reason)")
    }
  }
}
