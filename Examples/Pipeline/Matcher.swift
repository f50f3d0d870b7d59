/// Finds the word of a vocabulary that is nearest to another one, by Levenshtein's distance.
struct Matcher {
    private let vocabulary: [(word: String, letters: [UInt8])]
    private var row: [Int] = []

    init(_ words: [String]) {
        vocabulary = words.map { ($0, Array($0.utf8)) }
    }

    mutating func nearest(to word: String) -> Match {
        let letters = Array(word.utf8)
        var best = Match(word: "", distance: .max)
        for candidate in vocabulary {
            let distance = distance(letters, candidate.letters)
            if distance < best.distance { best = Match(word: candidate.word, distance: distance) }
        }
        return best
    }

    private mutating func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        row = Array(0...right.count)
        for i in left.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let substituted = diagonal + (left[i] == right[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}

/// An answer; in Python a dict with these keys.
struct Match: Codable, Sendable {
    var word: String
    var distance: Int
}

/// A word to look for; in Python a dict with these keys.
struct Job: Codable, Sendable {
    var id: Int
    var word: String
}
