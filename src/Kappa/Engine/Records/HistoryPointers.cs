namespace Kappa.Engine.Records;

/// <summary>
/// Where one list of positions (applied or held) goes on in the history file: the offset of its newest chunk (-1 if
/// there is none) and how many positions stand in chunks. Those after them travel in the instance's record.
/// </summary>
internal readonly record struct HistoryPointers(long LastChunk, long InChunks)
{
    public static HistoryPointers None { get; } = new(-1, 0);
}
