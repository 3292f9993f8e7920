using System.Text.Json;
namespace Kappa.Events;
public static class CloudEventWriter { public static void Write(Utf8JsonWriter json, in RecordedEvent e, bool withPosition) { json.WriteStartObject(); json.WriteEndObject(); } }
