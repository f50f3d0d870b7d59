/// Where in the result a value is being encoded.
struct EncodingPlace {
    let session: EncodingSession
    var depth: Int
    /// The coding path, where the session's steps do not tell it: in nested containers, which live side by side.
    var fixedPath: [any CodingKey]?

    var codingPath: [any CodingKey] {
        fixedPath ?? session.steps.prefix(depth).compactMap(\.key)
    }

    /// The place of a value inside this one.
    func child(_ step: CodingStep) -> EncodingPlace {
        guard let fixedPath else {
            session.record(step, at: depth)
            return EncodingPlace(session: session, depth: depth + 1)
        }
        return EncodingPlace(
            session: session, depth: depth + 1, fixedPath: fixedPath + [step.key].compactMap(\.self))
    }

    @inline(__always)
    func checkDepth<T>(of value: T) throws {
        guard depth < session.options.maximumDepth else {
            throw tooDeep(value)
        }
    }

    func tooDeep(_ value: Any) -> EncodingError {
        let limit = session.options.maximumDepth
        return invalid(value, "is nested deeper than \(limit) values; raise maximumDepth if the stack allows it")
    }

    func invalid(_ value: Any, _ problem: String) -> EncodingError {
        .invalidValue(
            value, .init(codingPath: codingPath, debugDescription: "A value of type \(type(of: value)) \(problem)."))
    }
}
