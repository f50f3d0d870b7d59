/// Every check, topic by topic.
enum CheckRegistry {
    static let all: [Check] = [
        ProtocolChecks.all, NameChecks.all, BlockChecks.all, ValueChecks.all, DictChecks.all, ListChecks.all,
        ContentionChecks.all, ModelChecks.all, GrowthChecks.all, LifetimeChecks.all, RefusalChecks.all,
        LayoutChecks.all, KillChecks.all, ExitChecks.all, LossChecks.all, GuardChecks.all,
    ].flatMap { $0 }

    /// The checks whose names contain one of the filters, upper or lower case; all without a filter.
    static func matching(_ filters: [String]) -> [Check] {
        guard !filters.isEmpty else { return all }
        return all.filter { check in
            filters.contains { check.name.lowercased().contains($0.lowercased()) }
        }
    }
}
