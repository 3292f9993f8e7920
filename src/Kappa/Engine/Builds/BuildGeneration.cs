namespace Kappa.Engine.Builds;

/// <summary>
/// The generation that a build's watch tokens carry; raised when the build begins or ceases to serve. An instance that was folded again
/// in another order since has a newer one of its own. Thread-safe.
/// </summary>
internal sealed class BuildGeneration(long value)
{
    private long _value = value;

    public long Value => Volatile.Read(ref _value);

    public void RaiseTo(long value) => Volatile.Write(ref _value, value);
}
