using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Kappa.Grains.Instances;

/// <summary>
/// One grain's documents in grain storage, by name. A write fails if another activation wrote since this one read. Of what was read and
/// written only the tags are kept.
/// </summary>
internal sealed class GrainDocuments(IGrainStorage storage, GrainId grain)
{
    private readonly Dictionary<string, (string? Etag, bool Exists)> _known = new(StringComparer.Ordinal);

    /// <summary>Reads a document that is to be written again; a new one if there is none.</summary>
    public async Task<T> ReadAsync<T>(string name) where T : class, new()
    {
        var state = await LoadAsync<T>(name);
        _known[name] = (state.ETag, state.RecordExists);
        return state.RecordExists && state.State is { } found ? found : new T();
    }

    /// <summary>True if there was a document when it was read last, or it was written.</summary>
    public bool Has(string name) => _known.TryGetValue(name, out var known) && known.Exists;

    /// <summary>Reads a document that is never written again; null if there is none.</summary>
    public async Task<T?> FindAsync<T>(string name) where T : class, new()
    {
        var state = await LoadAsync<T>(name);
        return state.RecordExists ? state.State : null;
    }

    /// <summary>Writes a document that was read, or that there was not.</summary>
    /// <exception cref="InconsistentStateException">Another activation of this grain has written it.</exception>
    public async Task WriteAsync<T>(string name, T document) where T : class, new()
    {
        var (etag, exists) = _known.GetValueOrDefault(name);
        var state = new GrainState<T> { State = document, ETag = etag, RecordExists = exists };
        await storage.WriteStateAsync(name, grain, state);
        _known[name] = (state.ETag, state.RecordExists);
    }

    /// <summary>Writes a document that there was not and that is never written again.</summary>
    /// <exception cref="InconsistentStateException">It is there already.</exception>
    public Task AddAsync<T>(string name, T document) where T : class, new() => storage.WriteStateAsync(name, grain, new GrainState<T> { State = document });

    public async Task ClearAsync<T>(string name) where T : class, new()
    {
        var state = await LoadAsync<T>(name);
        if (state.RecordExists)
            await storage.ClearStateAsync(name, grain, state);
        _known.Remove(name);
    }

    private async Task<GrainState<T>> LoadAsync<T>(string name) where T : class, new()
    {
        var state = new GrainState<T>();
        await storage.ReadStateAsync(name, grain, state);
        return state;
    }
}
