using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Kappa.Grains.Instances;

/// <summary>One grain's documents in grain storage, by name. A write fails if another activation wrote since this one read.</summary>
internal sealed class GrainDocuments(IGrainStorage storage, GrainId grain)
{
    private readonly Dictionary<string, object> _known = new(StringComparer.Ordinal);

    /// <summary>Reads a document; a new one if there is none.</summary>
    public async Task<T> ReadAsync<T>(string name) where T : class, new()
    {
        var state = new GrainState<T>();
        await storage.ReadStateAsync(name, grain, state);
        _known[name] = state;
        return state.RecordExists && state.State is { } found ? found : new T();
    }

    /// <summary>Writes a document that was read, or that there was not.</summary>
    /// <exception cref="InconsistentStateException">Another activation of this grain has written it.</exception>
    public async Task WriteAsync<T>(string name, T document) where T : class, new()
    {
        if (!_known.TryGetValue(name, out var known))
            _known[name] = known = new GrainState<T>();
        var state = (GrainState<T>)known;
        state.State = document;
        await storage.WriteStateAsync(name, grain, state);
    }

    /// <summary>Writes a document whatever stands there: for what is written once and may be left over from a try before.</summary>
    public async Task OverwriteAsync<T>(string name, T document) where T : class, new()
    {
        await ReadAsync<T>(name);
        await WriteAsync(name, document);
    }

    public async Task ClearAsync<T>(string name) where T : class, new()
    {
        var state = new GrainState<T>();
        await storage.ReadStateAsync(name, grain, state);
        if (state.RecordExists)
            await storage.ClearStateAsync(name, grain, state);
        _known.Remove(name);
    }
}
