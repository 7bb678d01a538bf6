import CKernels
import Tensors
import Testing

@Suite struct RandomTests {
  /// The known answers of the generator's authors.
  @Test(
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func philoxKnownAnswers(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    var output = [UInt32](repeating: 0, count: 4)
    kernels_philox(counter, key, &output)
    #expect(output == expected)
  }

  @Test func uniformsLieInTheOpenIntervalEvenly() {
    let count = 200_000
    let values = RandomSource(seed: 11, purpose: .testing).uniforms(count)
    #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
    var bins = [Int](repeating: 0, count: 20)
    for value in values { bins[Int(value * 20)] += 1 }
    // 10000 a bin with a deviation of 97.
    #expect(bins.allSatisfy { abs($0 - 10_000) < 500 })
  }

  @Test func drawsAreAddressed() {
    let random = RandomSource(seed: 12, purpose: .testing, index: 4)
    let all = random.uniforms(100)
    #expect(random.uniforms(40, from: 33) == Array(all[33..<73]))
    #expect(random.uniform(57) == all[57])
    #expect(random.at(5).uniforms(100) != all)
    #expect(RandomSource(seed: 13, purpose: .testing, index: 4).uniforms(100) != all)
    #expect(RandomSource(seed: 12, purpose: .sampling, index: 4).uniforms(100) != all)
    let normals = random.normal([50]).values
    #expect(random.normal([7], from: 21).values == Array(normals[21..<28]))
  }

  /// At draw 2^34 the number of a block of four outgrows a word of the generator's counter.
  @Test(arguments: [0, 1 << 20, 1 << 34, 1 << 45, (1 << 58) - 16])
  func longStreamsDoNotRepeat(_ start: Int) {
    let random = RandomSource(seed: 12 << 40 | 5, purpose: .testing, index: 4 << 40 | 9)
    let first = max(0, start - 8)
    let found = random.uniforms(16, from: first)
    let expected = (first / 4..<first / 4 + 4).flatMap { block -> [Float] in
      let counter = [
        UInt32(truncatingIfNeeded: block),
        random.purpose.rawValue | UInt32(truncatingIfNeeded: block >> 32) << 8, 9, 4 << 8,
      ]
      var words = [UInt32](repeating: 0, count: 4)
      kernels_philox(counter, [5, 12 << 8], &words)
      return words.map { (Float($0 >> 9) + 0.5) * 0x1p-23 }
    }
    #expect(found == expected)
    #expect(random.uniform(first + 9) == expected[9])
    for other in [0, 1 << 34, 1 << 44] where other != first {
      #expect(random.uniforms(16, from: other) != found)
      #expect(random.with(purpose: .sampling).uniforms(16, from: other) != found)
      #expect(random.normal([16], from: other).values != random.normal([16], from: first).values)
    }
  }

  /// The purpose shares a word with the upper half of a long stream's block numbers.
  @Test func purposesTakeAByte() {
    #expect((256...70_000).allSatisfy { RandomSource.Purpose(rawValue: $0) == nil })
  }

  @Test func normalMoments() {
    let count = 400_000
    let values = RandomSource(seed: 14, purpose: .testing).normal([count]).values.map(Double.init)
    func moment(_ power: Int) -> Double {
      values.reduce(0) { sum, value in sum + (0..<power).reduce(1) { term, _ in term * value } }
        / Double(count)
    }
    #expect(abs(moment(1)) < 0.01)
    #expect(abs(moment(2) - 1) < 0.015)
    #expect(abs(moment(3)) < 0.03)
    #expect(abs(moment(4) - 3) < 0.1)
    // Neighbours come from one block: they must not go together.
    let together = stride(from: 0, to: count, by: 2).reduce(0) { $0 + values[$1] * values[$1 + 1] }
    #expect(abs(together / Double(count / 2)) < 0.01)
  }

  @Test func permutations() {
    let order = RandomSource(seed: 15, purpose: .shuffling).permutation(1000)
    #expect(order.sorted() == Array(0..<1000))
    #expect(order != Array(0..<1000))
    #expect(order == RandomSource(seed: 15, purpose: .shuffling).permutation(1000))
    #expect(order != RandomSource(seed: 16, purpose: .shuffling).permutation(1000))
    #expect(RandomSource(seed: 15, purpose: .shuffling).permutation(0) == [])
    #expect(RandomSource(seed: 15, purpose: .shuffling).permutation(1) == [0])
    // Every order of three comes equally often.
    var counts: [[Int]: Int] = [:]
    for index in 0..<6000 {
      let source = RandomSource(seed: 17, purpose: .shuffling, index: UInt64(index))
      counts[source.permutation(3), default: 0] += 1
    }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 150 })
  }

  /// The layer and the generator agree on which word decides an element.
  @Test func dropoutFollowsItsWords() {
    let random = RandomSource(seed: 18, purpose: .dropout, index: 9)
    let count = 5000
    let kept = Tensor(repeating: 1, shape: [count]).droppedOut(rate: 0.25, random).values
    let draws = random.uniforms(count)
    for (value, draw) in zip(kept, draws) where abs(draw - 0.25) > 1e-6 {
      #expect(value == (draw < 0.25 ? 0 : 1 / Float(0.75)))
    }
    let share = Float(kept.filter { $0 == 0 }.count) / Float(count)
    #expect(abs(share - 0.25) < 0.03)
  }
}
