namespace Kappa.Views.Checks;

/// <summary>An instance during one fold of the log.</summary>
internal sealed class FoldedInstance<TState>(string key, int partition) where TState : class, IViewState<TState>
{
    public ViewInstance<TState> Instance { get; } = new(key);

    /// <summary>The partition that feeds it; -1 if there are several.</summary>
    public int Partition { get; set; } = partition;

    public FoldStop? Stopped { get; set; }

    /// <summary>About how much memory it takes.</summary>
    public long Bytes { get; set; }

    /// <summary>The version at which its size is looked at again.</summary>
    public long MeasureAt { get; set; } = 1;

    /// <summary>How many bytes of JSON the events since the last reload pay for.</summary>
    public long ReloadCredit { get; set; }

    /// <summary>How many bytes the last reload took.</summary>
    public long ReloadBytes { get; set; }
}
