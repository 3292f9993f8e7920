using System.Runtime.CompilerServices;
using Kappa.Capture;

namespace Kappa.Tests.Capture;

/// <summary>Counts the names that are asked of a store.</summary>
internal sealed class CountingStore(ICaptureStore store) : ICaptureStore
{
    public int Names { get; set; }

    /// <summary>Called when names are asked for.</summary>
    public Action Listing { get; set; } = () => { };

    public string Describe(string name) => store.Describe(name);

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Listing();
        await foreach (var name in store.ListAsync(prefix, cancellationToken))
        {
            Names++;
            yield return name;
        }
    }

    public ValueTask<long?> LengthAsync(string name, CancellationToken cancellationToken = default) => store.LengthAsync(name, cancellationToken);

    public ValueTask<int> ReadAsync(string name, long offset, Memory<byte> into, CancellationToken cancellationToken = default) => store.ReadAsync(name, offset, into, cancellationToken);

    public ValueTask<ICaptureUpload> CreateAsync(string name, CancellationToken cancellationToken = default) => store.CreateAsync(name, cancellationToken);
}
