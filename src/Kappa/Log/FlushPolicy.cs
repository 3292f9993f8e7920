namespace Kappa.Log;

/// <summary>When an append is flushed to the device before it is acknowledged.</summary>
public enum FlushPolicy
{
    /// <summary>Every append survives a loss of power; appends that wait together share one flush (group commit).</summary>
    EveryAppend,

    /// <summary>Appends survive the end of the process, but a loss of power may take the last seconds.</summary>
    Never,
}
