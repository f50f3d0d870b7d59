extension PickleInteger: Codable {
    /// Encodes the integer: as an `int` in a pickle; elsewhere as a number, or as decimal text if it is too large.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let int {
            try container.encode(int)
        } else if let decimal {
            try container.encode(decimal)
        } else {
            throw EncodingError.invalidValue(
                self,
                .init(codingPath: encoder.codingPath, debugDescription: "The integer has too many decimal digits."))
        }
    }

    /// Decodes what ``encode(to:)`` has encoded.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let small = try? container.decode(Int.self) {
            self.init(small)
            return
        }
        guard let value = PickleInteger(decimal: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "Expected decimal digits.")
        }
        self = value
    }
}
