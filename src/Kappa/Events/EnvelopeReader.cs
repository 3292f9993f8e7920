using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace Kappa.Events;

/// <summary>
/// Reads one event after another from CloudEvents JSON: one pass over the bytes, no string and no allocation for an
/// event as most are. Parts stay spans over the input; only escaped texts and base64 go through scratch.
/// </summary>
internal ref struct EnvelopeReader(Utf8JsonReader json, ReadOnlySpan<byte> input, EventAdmission admission, Span<byte> scratch, Span<byte> extensions)
{
    /// <summary>Stands on the first token of the event, and afterwards on its last one.</summary>
    public Utf8JsonReader Json = json;

    private readonly ReadOnlySpan<byte> _input = input;
    private Scratch _scratch = new(scratch);
    private ExtensionsBuilder _extensions = new(extensions);
    private EventParts _parts;
    private EventMembers _seen;

    // The type that the data was checked against in passing, and the type of the event before, which is often the same.
    private EventType? _checkedAs;
    private EventType? _lastType;

    /// <exception cref="JsonException">The JSON is malformed.</exception>
    public EventReadResult Read(EventBatch into, in ProblemList problems)
    {
        if (Json.TokenType != JsonTokenType.StartObject)
        {
            problems.Add("", "must be a JSON object that holds an event");
            Json.Skip();
            return EventReadResult.Invalid;
        }
        _scratch.Clear();
        _extensions.Clear();
        _parts = default;
        _seen = EventMembers.None;
        _checkedAs = null;
        while (Json.Read() && Json.TokenType == JsonTokenType.PropertyName)
        {
            var name = Json.ValueIsEscaped ? Unescape() : Json.ValueSpan;
            var member = AttributeName.Find(name);
            if (member == EventMembers.None)
                ReadExtension(name, problems);
            else
                ReadMember(member, problems);
        }
        if ((_seen & EventMembers.SpecVersion) == 0)
            problems.Add("specversion", "is required; it must be \"1.0\"");
        _parts.Extensions = _extensions.Finish();
        return admission.Admit(ref _parts, _checkedAs, into, problems);
    }

    private void ReadMember(EventMembers member, in ProblemList problems)
    {
        Json.Read();
        if ((_seen & member) != 0)
        {
            Refuse(member, AttributeName.Twice, problems);
            return;
        }
        _seen |= member;
        switch (member)
        {
            case EventMembers.Id: _parts.Id = ReadText(member, problems); break;
            case EventMembers.Source: _parts.Source = ReadText(member, problems); break;
            case EventMembers.Type: _parts.Type = ReadText(member, problems); break;
            case EventMembers.Subject: _parts.Subject = ReadText(member, problems); break;
            case EventMembers.Time: _parts.Time = ReadText(member, problems); break;
            case EventMembers.DataContentType: _parts.DataContentType = ReadText(member, problems); break;
            case EventMembers.DataSchema: _parts.DataSchema = ReadText(member, problems); break;
            case EventMembers.SpecVersion:
                if (!ReadText(member, problems).SequenceEqual("1.0"u8) && (_parts.Refused & member) == 0)
                    Refuse(member, "must be \"1.0\", the version of CloudEvents that is taken here", problems);
                break;
            case EventMembers.Data: ReadData(problems); break;
            case EventMembers.DataBase64: ReadBase64(problems); break;
        }
    }

    private ReadOnlySpan<byte> ReadText(EventMembers member, scoped in ProblemList problems)
    {
        if (Json.TokenType == JsonTokenType.String)
        {
            if (Json.ValueSpan.IsEmpty && !EventParts.IsRequired(member))
                Refuse(member, EventParts.EmptyRemedy, problems);
            else if (!Json.ValueIsEscaped)
                return Json.ValueSpan;
            else if (Unescape() is { IsEmpty: false } text)
                return text;
            else
                Refuse(member, AttributeText.Remedy, problems);
        }
        else if (Json.TokenType != JsonTokenType.Null)
            Refuse(member, "must be a string", problems);
        return [];
    }

    private void ReadData(in ProblemList problems)
    {
        if (_parts.DataKind != EventDataKind.None)
        {
            Refuse(EventMembers.Data, "stands beside data_base64; send one of them", problems);
            return;
        }
        var start = (int)Json.TokenStartIndex;
        var type = TypeSoFar();
        if (type is null)
            Json.Skip();
        else
        {
            _checkedAs = type;
            if (!EventAdmission.Validate(type, ref Json, problems))
                _parts.Refused |= EventMembers.Data;
        }
        _parts.DataKind = EventDataKind.Json;
        _parts.Data = _input[start..(int)Json.BytesConsumed];
    }

    /// <summary>The registered type, if it is known by now; otherwise the data is checked when the event has been read.</summary>
    private EventType? TypeSoFar()
    {
        if (_parts.Type.IsEmpty)
            return null;
        if (_lastType is null || !_parts.Type.SequenceEqual(_lastType.WireNameUtf8))
            _lastType = admission.Find(_parts.Type);
        return _lastType;
    }

    private void ReadBase64(in ProblemList problems)
    {
        if (Json.TokenType == JsonTokenType.Null)
            return;
        if (_parts.DataKind != EventDataKind.None)
        {
            Refuse(EventMembers.DataBase64, "stands beside data; send one of them", problems);
            return;
        }
        _parts.DataKind = EventDataKind.Binary;
        var text = Json.TokenType != JsonTokenType.String ? [] : Json.ValueIsEscaped ? Unescape() : Json.ValueSpan;
        if (text.IsEmpty && (Json.TokenType != JsonTokenType.String || !Json.ValueSpan.IsEmpty))
        {
            Refuse(EventMembers.DataBase64, "must be a string of base64", problems);
            return;
        }
        var bytes = _scratch.Take(Base64.GetMaxDecodedFromUtf8Length(text.Length));
        if (Base64.DecodeFromUtf8(text, bytes, out _, out var length) != OperationStatus.Done)
            Refuse(EventMembers.DataBase64, "must be base64 (RFC 4648, section 4), with its padding", problems);
        _parts.Data = bytes[..length];
    }

    private void ReadExtension(ReadOnlySpan<byte> name, in ProblemList problems)
    {
        Json.Read();
        switch (Json.TokenType)
        {
            case JsonTokenType.String when !Json.ValueIsEscaped:
                _extensions.Add(name, EventExtensionKind.Text, Json.ValueSpan, problems);
                break;
            case JsonTokenType.String when Unescape() is { IsEmpty: false } text:
                _extensions.Add(name, EventExtensionKind.Text, text, problems);
                break;
            case JsonTokenType.String:
                problems.Add(AttributeName.Shown(name), AttributeText.Remedy);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                _extensions.Add(name, EventExtensionKind.Boolean, Json.ValueSpan, problems);
                break;
            case JsonTokenType.Number when Json.TryGetInt32(out var number):
                Span<byte> digits = stackalloc byte[11];
                number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
                _extensions.Add(name, EventExtensionKind.Integer, digits[..length], problems);
                break;
            case JsonTokenType.Null:
                _extensions.AddAbsent(name, problems);
                break;
            default:
                problems.Add(AttributeName.Shown(name), AttributeName.IsValid(name)
                    ? "must be a string, a boolean or an integer of 32 bits; send anything else as a string or in the data"
                    : AttributeName.Remedy);
                Json.Skip();
                break;
        }
    }

    /// <summary>The text of the token, whose escapes are undone; empty if it has half of a surrogate pair.</summary>
    private ReadOnlySpan<byte> Unescape()
    {
        var text = _scratch.Take(Json.ValueSpan.Length);
        try
        {
            return text[..Json.CopyString(text)];
        }
        catch (InvalidOperationException)
        {
            return [];
        }
    }

    private void Refuse(EventMembers member, string reason, in ProblemList problems)
    {
        problems.Add(AttributeName.Of(member), reason);
        _parts.Refused |= member;
        Json.Skip();
    }
}
