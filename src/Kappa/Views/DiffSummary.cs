using Kappa.Log;

namespace Kappa.Views;

/// <summary>Two builds of a view compared at one cut, exactly: every instance that either has there is counted once.</summary>
public sealed record DiffSummary(
    Cut Cut, int OldVersion, int NewVersion, long Same, long Changed, long OnlyOld, long OnlyNew, IReadOnlyList<FieldCount> Fields)
{
    /// <summary>How many instances differ in any way.</summary>
    public long Differ => Changed + OnlyOld + OnlyNew;
}
