using System.Runtime.InteropServices;
using System.Text.Json;

namespace Kappa.Json;

/// <summary>The raw bytes of a JSON value that a reader walks over, which the reader itself does not hand out.</summary>
internal static class JsonSlice
{
    /// <summary>True if the reader reads one piece of memory, so that the bytes of a value lie side by side.</summary>
    public static bool IsPossible(ref Utf8JsonReader reader) => reader.Position.GetObject() is null;

    /// <summary>
    /// The bytes from <paramref name="first"/>, the span of the value's first token, to where the reader stands now.
    /// Call it only if <see cref="IsPossible"/>: the token's span then points into the one buffer, in which the reader
    /// has already gone past all of these bytes.
    /// </summary>
    public static ReadOnlySpan<byte> Since(ReadOnlySpan<byte> first, long firstAt, ref Utf8JsonReader reader) =>
        MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetReference(first), (int)(reader.BytesConsumed - firstAt));
}
