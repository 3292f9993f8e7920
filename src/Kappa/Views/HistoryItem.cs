using Kappa.Log;

namespace Kappa.Views;

/// <summary>
/// One applied event of an instance: the version it led to, the event as CloudEvents JSON, and the state before and
/// after as JSON (empty where there was none).
/// </summary>
public sealed record HistoryItem(long Version, Position Position, ReadOnlyMemory<byte> Event,
    ReadOnlyMemory<byte> Before, ReadOnlyMemory<byte> After);
