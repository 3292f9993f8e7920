using Kappa.Capture.Avro;

namespace Kappa.Capture;

/// <summary>Where in a writer's record the fields of Event Hubs Capture stand. Writers differ in types, order and further fields.</summary>
internal sealed class CaptureSchema
{
    private CaptureSchema(AvroType record, CaptureField[] fields) => (Record, Fields) = (record, fields);

    public AvroType Record { get; }

    /// <summary>What each field of the record is to us, in their order.</summary>
    public IReadOnlyList<CaptureField> Fields { get; }

    /// <exception cref="FormatException">The schema is not one of captured events.</exception>
    public static CaptureSchema Of(AvroType type)
    {
        if (type.Kind != AvroKind.Record)
            throw new FormatException("its schema is no record, so it holds no captured events");
        var fields = type.Names.Select(name => name switch
        {
            "SequenceNumber" => CaptureField.SequenceNumber,
            "Offset" => CaptureField.Offset,
            "EnqueuedTimeUtc" => CaptureField.EnqueuedTimeUtc,
            "SystemProperties" => CaptureField.SystemProperties,
            "Properties" => CaptureField.Properties,
            "Body" => CaptureField.Body,
            _ => CaptureField.Other,
        }).ToArray();
        foreach (var needed in new[] { CaptureField.SequenceNumber, CaptureField.Body })
            if (!fields.Contains(needed))
                throw new FormatException($"its schema has no field {needed}, so it holds no captured events");
        return new CaptureSchema(type, fields);
    }
}
