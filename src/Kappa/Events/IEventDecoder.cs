using System.Text.Json;

namespace Kappa.Events;

/// <summary>
/// Reads an event record straight from its JSON data. Hot event types bring their own; all others are read through
/// their source-generated JSON context. Thread-safe, and a function of the bytes alone.
/// </summary>
public interface IEventDecoder<out T> where T : class
{
    /// <summary>
    /// Reads one JSON value. The reader stands on its first token; it is left on its last one.
    /// </summary>
    /// <exception cref="EventDataException">A required field is missing, or a field has the wrong shape.</exception>
    T Decode(ref Utf8JsonReader reader);

    /// <summary>
    /// Reads the data of a recorded event: one well-formed JSON value. Override it where looking at the bytes is faster
    /// than a reader's tokens; it must give the same record and the same errors.
    /// </summary>
    /// <exception cref="EventDataException">As above.</exception>
    T Decode(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return Decode(ref reader);
    }

    /// <summary>
    /// Checks one JSON value in the same way, without making the record: what an append pays. Override it where
    /// that is cheaper.
    /// </summary>
    void Validate(ref Utf8JsonReader reader) => Decode(ref reader);
}
