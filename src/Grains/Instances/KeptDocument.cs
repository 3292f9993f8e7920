namespace Kappa.Grains.Instances;

/// <summary>
/// A document that a reentrant grain keeps in memory. It is read once, however many ask meanwhile: a read of one's own that is slow would
/// come back with what was there before the last write, and put it over that. Not thread-safe: for use inside a grain.
/// </summary>
internal sealed class KeptDocument<T>(GrainDocuments documents, string name) where T : class, new()
{
    private Task<T>? _content;

    /// <summary>What was written last, as far as this activation knows.</summary>
    public Task<T> LoadAsync() => _content is null or { IsFaulted: true } or { IsCanceled: true } ? _content = documents.ReadAsync<T>(name) : _content;

    /// <exception cref="Orleans.Storage.InconsistentStateException">Another activation has written it.</exception>
    public async Task<T> WriteAsync(T document)
    {
        await documents.WriteAsync(name, document);
        _content = Task.FromResult(document);
        return document;
    }

    public Task ClearAsync() => documents.ClearAsync<T>(name);

    /// <summary>The next one to ask reads it: what was written, and whether, is not known.</summary>
    public void Forget() => _content = null;
}
