using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kappa.Views;

namespace Kappa.Engine.Folding;

/// <summary>
/// Writes states as JSON: the one way in which their bytes come to be, so that live, rebuilt and re-folded states can
/// be compared as bytes. Reuses one writer; not thread-safe.
/// </summary>
internal sealed class StateWriter<TState> : IDisposable where TState : class, IViewState<TState>
{
    /// <summary>The largest state; one that grows beyond it quarantines its instance.</summary>
    public const int StateBytesMax = 16 << 20;

    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions
    {
        // Served as JSON to programs; the dashboard encodes for HTML itself.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    });

    /// <summary>Appends the state and returns how many bytes it has. May throw what an author's state throws.</summary>
    public int Write(IBufferWriter<byte> to, TState state)
    {
        _json.Reset(to);
        JsonSerializer.Serialize(_json, state, TState.Json);
        _json.Flush();
        if (_json.BytesCommitted > StateBytesMax)
            throw new InvalidOperationException($"The state has {_json.BytesCommitted} bytes as JSON; states have at most {StateBytesMax}.");
        return (int)_json.BytesCommitted;
    }

    public void Dispose() => _json.Dispose();
}
