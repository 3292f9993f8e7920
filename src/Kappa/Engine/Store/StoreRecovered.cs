namespace Kappa.Engine.Store;

/// <summary>
/// What opening a store found. The cut bytes belong to commits that had not been flushed (or were still being written)
/// when the process or the machine stopped; the log still has their events.
/// </summary>
internal readonly record struct StoreRecovered(long Commits, long Records, long StateBytesCut, long HistoryBytesCut);
