using System.Text.Json;
using System.Text.Json.Serialization;
using Kappa.Views;
using Kappa.Web.Http;

namespace Kappa.Web.Live;

/// <summary>Gives the hub the same envelope as the API.</summary>
internal sealed class EnvelopeConverter : JsonConverter<ViewEnvelope>
{
    public override ViewEnvelope Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Envelopes are only written.");

    public override void Write(Utf8JsonWriter writer, ViewEnvelope value, JsonSerializerOptions options) => EnvelopeJson.Write(writer, value);
}
