using Kappa.Log;

namespace Kappa.Engine.History;

/// <summary>
/// An instance as of a cut: how many events it had applied, the last of them, and the state as it would have been stored
/// (null: none, or deleted). <paramref name="IsVersion"/> tells whether the instance has ever been in this state.
/// </summary>
internal readonly record struct FoldedInstance(long Version, bool IsVersion, Position Last, long TimeTicks, long AppendedTicks, byte[]? State);
