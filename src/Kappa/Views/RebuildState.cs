namespace Kappa.Views;

/// <summary>Where a build of a view stands.</summary>
public enum RebuildState
{
    /// <summary>Folding what the log holds, beside the build that serves.</summary>
    Building,

    /// <summary>Told to wait; it goes on from there when resumed.</summary>
    Paused,

    /// <summary>It has caught up and keeps up: can be compared and promoted.</summary>
    Ready,

    /// <summary>Reads and watches are answered from it.</summary>
    Serving,

    /// <summary>It served before the one that serves now, and is kept for a rollback.</summary>
    Previous,

    /// <summary>Stopped by a failure; see the problem. What it holds is of no use but to look at.</summary>
    Failed,

    /// <summary>The code of its version is not registered any more: it stays as it is.</summary>
    Frozen,
}
