using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>Writes states as an engine does, and says what is wrong with one that cannot be. Reuses its buffers; not thread-safe.</summary>
internal sealed class StateBytes<TState> : IDisposable where TState : class, IViewState<TState>
{
    private const int BytesMax = 16 << 20;

    private readonly ArrayBufferWriter<byte> _one = new();
    private readonly ArrayBufferWriter<byte> _other = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes the state; null and a reason if that fails. The bytes are valid until the next call.</summary>
    public ReadOnlyMemory<byte>? Write(TState state, out string? reason) => Write(_one, state, out reason);

    /// <summary>Writes the state and reads it back; null and what went wrong if it does not give the same bytes again.</summary>
    public (TState? State, int Bytes, FoldProblemKind Kind, string? Reason) Reload(TState state)
    {
        if (Write(_one, state, out var reason) is not { } bytes)
            return (null, 0, FoldProblemKind.NotWritable, reason);
        TState? back;
        try
        {
            back = JsonSerializer.Deserialize(bytes.Span, TState.Json);
        }
#pragma warning disable CA1031 // Whatever an author's state throws is what this looks for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (null, 0, FoldProblemKind.NotRestored, $"the stored state cannot be read back: {FoldFailure.Describe(e)}");
        }
        if (back is null)
            return (null, 0, FoldProblemKind.NotRestored, "the stored state is read back as null");
        if (Write(_other, back, out reason) is not { } again)
            return (null, 0, FoldProblemKind.NotRestored, $"the state that was read back cannot be written: {reason}");
        return bytes.Span.SequenceEqual(again.Span)
            ? (back, bytes.Length, default, null)
            : (null, 0, FoldProblemKind.NotRestored, "the state that was read back is written differently");
    }

    /// <summary>A hash of key and state, by which two folds are compared.</summary>
    public static UInt128 Hash(string key, ReadOnlySpan<byte> state)
    {
        var digest = new InstanceDigest(key).Of(default);
        return new UInt128(StableHash.Of(state, (ulong)(digest >> 64)), StableHash.Of(state, (ulong)digest));
    }

    public void Dispose() => _json.Dispose();

    private ReadOnlyMemory<byte>? Write(ArrayBufferWriter<byte> to, TState state, out string? reason)
    {
        reason = null;
        to.ResetWrittenCount();
        _json.Reset(to);
        try
        {
            JsonSerializer.Serialize(_json, state, TState.Json);
            _json.Flush();
        }
#pragma warning disable CA1031 // Whatever an author's state throws is what this looks for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            reason = FoldFailure.Describe(e);
            return null;
        }
        if (to.WrittenCount <= BytesMax)
            return to.WrittenMemory;
        reason = $"the state has {to.WrittenCount} bytes as JSON; states have at most {BytesMax}";
        return null;
    }
}
