/// What the codecs write and read; `sidebyside/workload.py` has the same.
public enum CodecValues {
    /// A record as people share it.
    public struct Player: Codable, Sendable, Hashable {
        var name: String
        var score: Int
        var ratio: Double
        var active: Bool
        var levels: [Int]

        init(_ index: Int) {
            name = Workload.key(index)
            score = Workload.number(index)
            ratio = Double(Workload.number(index)) / 1024
            active = index % 3 == 0
            levels = [index & 7, index & 0xfff]
        }
    }

    /// 1,000 records.
    public static let players = (0..<1000).map(Player.init)
    /// 10,000 integers.
    public static let numbers = (0..<10_000).map(Workload.number)
    /// 10,000 fractions.
    public static let fractions = (0..<10_000).map { Double(Workload.number($0)) / 1024 }
    /// 10,000 texts, all different, a third of them not ASCII.
    public static let texts = (0..<10_000).map { $0 % 3 == 0 ? "Spieler №\($0)" : Workload.key($0) }
    /// A number for each of 1,000 names.
    public static let scores = Dictionary(
        uniqueKeysWithValues: (0..<1000).map { (Workload.key($0), Workload.number($0)) })
}
