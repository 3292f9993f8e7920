using Kappa.Log;

namespace Kappa.Views;

/// <summary>Something that stopped: an instance with the number of events held for it, or (key null) one event held at the view itself.</summary>
public sealed record QuarantineItem(string View, string? Key, Position Position, string Reason, long Held);
