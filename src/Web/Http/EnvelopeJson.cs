using System.Text.Json;
using Kappa.Views;

namespace Kappa.Web.Http;

/// <summary>
/// The one writer of envelopes: reads, lists, Server-Sent Events and the hub all give the same bytes. The order of the
/// properties is part of the contract.
/// </summary>
internal static class EnvelopeJson
{
    private static readonly JsonEncodedText _view = JsonEncodedText.Encode("view"), _key = JsonEncodedText.Encode("key"),
        _viewVersion = JsonEncodedText.Encode("viewVersion"), _version = JsonEncodedText.Encode("version"),
        _token = JsonEncodedText.Encode("token"), _time = JsonEncodedText.Encode("time"),
        _appended = JsonEncodedText.Encode("appended"), _position = JsonEncodedText.Encode("position"),
        _state = JsonEncodedText.Encode("state"), _quarantined = JsonEncodedText.Encode("quarantined"),
        _reason = JsonEncodedText.Encode("reason"), _reset = JsonEncodedText.Encode("reset");

    public static void Write(Utf8JsonWriter json, ViewEnvelope envelope)
    {
        json.WriteStartObject();
        json.WriteString(_view, envelope.View);
        json.WriteString(_key, envelope.Key);
        json.WriteNumber(_viewVersion, envelope.ViewVersion);
        json.WriteNumber(_version, envelope.Version);
        json.WriteString(_token, envelope.Token.ToString());
        JsonText.WriteTime(json, _time, envelope.Time);
        JsonText.WriteTimeExact(json, _appended, envelope.Appended);
        if (envelope.Position is { } position)
            json.WriteString(_position, position.ToString());
        else
            json.WriteNull(_position);
        JsonText.WriteRaw(json, _state, envelope.State);
        if (envelope.Quarantined is { } quarantine)
        {
            json.WriteStartObject(_quarantined);
            json.WriteString(_position, quarantine.Position.ToString());
            json.WriteString(_reason, quarantine.Reason);
            json.WriteEndObject();
        }
        if (envelope.Reset)
            json.WriteBoolean(_reset, true);
        json.WriteEndObject();
    }
}
