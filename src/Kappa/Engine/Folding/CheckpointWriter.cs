using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Engine.Store;
using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>Stages a checkpoint into the history at every <see cref="Checkpoint.Every"/>th version of an instance. Not thread-safe.</summary>
internal sealed class CheckpointWriter<TState>(View<TState> view, ShardStore store) : IDisposable where TState : class, IViewState<TState>
{
    private readonly RecordWriter _chunk = new();
    private readonly IndexValues<TState> _index = new(view);
    private readonly StateWriter<TState> _states = new();

    /// <summary>After an application: makes a checkpoint if one is due. Returns what writing or indexing the state threw, or null.</summary>
    /// <param name="always">True to try both at every version, whether or not a checkpoint is due.</param>
    public Exception? Check(HotInstance<TState> hot, bool always = false)
    {
        var instance = hot.Instance;
        var due = instance.Version % Checkpoint.Every == 0;
        if (!due && !always)
            return null;
        try
        {
            _chunk.Clear();
            Checkpoint.WriteHead(_chunk, hot.LastCheckpoint, instance.Version, instance.State is not null);
            if (instance.State is not null)
                _states.Write(_chunk, instance.State);
            if (always)
                _index.Take(instance.State);
        }
#pragma warning disable CA1031 // A state that cannot be written stops its instance, and only that.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
        if (due)
            hot.LastCheckpoint = store.AppendHistory(_chunk.Written);
        return null;
    }

    public void Dispose() => _states.Dispose();
}
