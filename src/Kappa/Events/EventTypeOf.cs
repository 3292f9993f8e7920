using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kappa.Events;

/// <summary>An event type with its record type.</summary>
internal sealed class EventType<T>(string name, int version, int index, JsonTypeInfo<T> json, IEventDecoder<T>? decoder)
    : EventType(name, version, index) where T : class
{
    private readonly IEventDecoder<T> _decoder = decoder ?? new JsonEventDecoder<T>(json);

    public override Type Record => typeof(T);

    public override void Validate(ref Utf8JsonReader reader) => _decoder.Validate(ref reader);
    public override byte[] Encode(object record) => JsonSerializer.SerializeToUtf8Bytes((T)record, json);
    private protected override object Read(ReadOnlySpan<byte> json) => _decoder.Decode(json);
}
