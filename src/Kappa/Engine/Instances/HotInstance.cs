using Kappa.Engine.Records;
using Kappa.Views;

namespace Kappa.Engine.Instances;

/// <summary>An instance in memory, with what its next record needs. The shard's loop alone touches it.</summary>
internal sealed class HotInstance<TState>(InstanceEntry entry, ViewInstance<TState> instance, long generation)
    where TState : class, IViewState<TState>
{
    public InstanceEntry Entry { get; } = entry;
    public ViewInstance<TState> Instance { get; } = instance;
    public long Generation { get; } = generation;

    public HistoryPointers Applied { get; set; } = HistoryPointers.None;
    public HistoryPointers Held { get; set; } = HistoryPointers.None;
    public long LastCheckpoint { get; set; } = -1;

    /// <summary>The version that <see cref="Instance"/> was loaded at: the last commit's.</summary>
    public long CommittedVersion { get; set; }

    public bool Dirty { get; set; }

    /// <summary>Set when it is used, cleared when the sweep for room passes by: a second chance.</summary>
    public bool Used { get; set; }

    /// <summary>What it is taken to occupy in memory.</summary>
    public int Bytes { get; set; }

    /// <summary>The traceparent of the last applied event, kept only while somebody listens to traces.</summary>
    public string? TraceParent { get; set; }
}
