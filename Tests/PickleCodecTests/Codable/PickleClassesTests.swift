import PickleCodec
import Testing

/// Registered classes, against the bytes that CPython 3.11 gives for the objects of a module `game`.
struct PickleClassesTests {
    private static let classes = {
        var classes = PickleClasses()
        classes.register(Player.self, as: "game.Player")
        classes.register(Point.self, as: "game.Point", .namedTuple(fields: ["x", "y"]))
        classes.register(Color.self, as: "game.Color", .enumeration)
        classes.register(Suit.self, as: "game.Suit", .enumeration)
        return classes
    }()

    private func coders(_ classes: PickleClasses = classes) -> (PickleEncoder, PickleDecoder) {
        var encoder = PickleEncoder()
        var decoder = PickleDecoder()
        encoder.classes = classes
        decoder.classes = classes
        return (encoder, decoder)
    }

    private func check<T: Codable & Equatable>(
        _ value: T, _ bytes: String, _ classes: PickleClasses = classes, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let (encoder, decoder) = coders(classes)
        #expect(try encoder.encode(value) == hex(bytes), sourceLocation: location)
        #expect(try decoder.decode(T.self, from: hex(bytes)) == value, sourceLocation: location)
    }

    @Test func dataclasses() throws {
        try check(
            [Player(score: 10, level: 2), Player(score: 3, level: 4)],
            """
            80049545000000000000005d94288c0467616d65948c06506c617965729493942981947d94288c0573636f7265944b0a8c056c6576
            656c944b02756268032981947d942868064b0368074b047562652e
            """)
    }

    @Test func dataclassesWithSlots() throws {
        var classes = PickleClasses()
        classes.register(Pair.self, as: "game.Slotted", .slots)
        try check(
            Pair(a: 1, b: 2),
            """
            8004952b000000000000008c0467616d65948c07536c6f747465649493942981944e7d94288c0161944b018c0162944b0275869462
            2e
            """, classes)
    }

    @Test func frozenDataclassesWithSlots() throws {
        var classes = PickleClasses()
        classes.register(Pair.self, as: "game.Frozen", .frozenSlots(fields: ["a", "b"]))
        try check(
            [Pair(a: 1, b: 2), Pair(a: 1, b: 3)],
            """
            80049531000000000000005d94288c0467616d65948c0646726f7a656e9493942981945d94284b014b02656268032981945d94284b
            014b036562652e
            """, classes)
    }

    @Test func membersOfEnumerationsAreOneObjectEach() throws {
        try check(
            [Color.red, .green, .red],
            """
            80049526000000000000005d94288c0467616d65948c05436f6c6f729493944b018594529468034b02859452946805652e
            """)
        try check(Suit.hearts, "80049519000000000000008c0467616d65948c04537569749493948c016894859452942e")
    }

    @Test func namedTuples() throws {
        try check(
            [Point(x: 1, y: 2), Point(x: 3, y: 4)],
            """
            80049528000000000000005d94288c0467616d65948c05506f696e749493944b014b028694819468034b034b0486948194652e
            """)
    }

    @Test func classesOfOneModuleShareItsName() throws {
        struct Mixed: Codable, Equatable {
            var a: Player
            var b: Color
        }
        try check(
            Mixed(a: Player(score: 1, level: 2), b: .red),
            """
            8004954d000000000000007d94288c0161948c0467616d65948c06506c617965729493942981947d94288c0573636f7265944b018c
            056c6576656c944b0275628c01629468028c05436f6c6f729493944b0185945294752e
            """)
    }

    @Test func qualifiedNamesWithDots() throws {
        struct Inner: Codable, Equatable { var n = 1 }
        var classes = PickleClasses()
        classes.register(Inner.self, module: "game", name: "Outer.Inner")
        try check(
            Inner(),
            """
            80049525000000000000008c0467616d65948c0b4f757465722e496e6e65729493942981947d948c016e944b0173622e
            """, classes)
    }

    @Test func unregisteredClassesAreReadByTheirState() throws {
        let (encoder, _) = coders()
        let player = Player(score: 10, level: 2)
        #expect(try PickleDecoder().decode(Player.self, from: encoder.encode(player)) == player)
        #expect(
            try PickleDecoder().decode([String: Int].self, from: encoder.encode(player)) == ["score": 10, "level": 2])
        #expect(try PickleDecoder().decode(Color.self, from: encoder.encode(Color.green)) == .green)
        #expect(try PickleDecoder().decode(Int.self, from: encoder.encode(Color.green)) == 2)
        #expect(try PickleDecoder().decode([Int].self, from: encoder.encode(Point(x: 1, y: 2))) == [1, 2])
    }

    @Test func registeredTypesAreReadFromPlainDicts() throws {
        let player = Player(score: 10, level: 2)
        #expect(try coders().1.decode(Player.self, from: PickleEncoder().encode(player)) == player)
    }

    @Test func anotherClassIsAnError() throws {
        var others = PickleClasses()
        others.register(Player.self, as: "game.Enemy")
        let bytes = try coders(others).0.encode([Player(score: 1, level: 2)])
        #expect(
            failure([Player].self, bytes, coders().1) == """
                typeMismatch ["0"]: Expected an object of game.Player for Player, found an object that game.Enemy builds \
                at byte 13.
                """)
    }

    @Test func missingAndForeignFieldsAreErrors() throws {
        var classes = PickleClasses()
        classes.register(Point.self, as: "game.Point", .namedTuple(fields: ["x"]))
        let (encoder, decoder) = coders(classes)
        #expect(failure(encoding: Point(x: 1, y: 2), encoder).contains("not among the registered fields"))
        let bytes = try coders().0.encode(Point(x: 1, y: 2))
        #expect(failure(Point.self, bytes, decoder).contains("Expected the 1 registered fields of game.Point, found 2"))
    }
}
