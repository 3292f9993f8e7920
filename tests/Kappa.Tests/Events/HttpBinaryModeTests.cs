using System.Text;
using Kappa.Events;

namespace Kappa.Tests.Events;

public sealed class HttpBinaryModeTests
{
    private static readonly (string Name, string Value)[] Required = [("ce-specversion", "1.0"), ("CE-ID", "1"), ("Ce-Source", "/s"), ("ce-type", "t")];

    [Fact]
    public void Headers_become_attributes_and_the_body_becomes_the_data()
    {
        var read = Reading.Binary(
            [.. Required, ("Host", "x"), ("traceparent", "y"), ("ce-subject", "a%20%22b%22%E2%82%AC%F0%9F%98%80"), ("ce-time", "2026-11-21T10:12:00Z"), ("ce-ext", "\"q \\\" %41\"")],
            "application/json; charset=utf-8", " {\"a\":1} "u8.ToArray());

        Assert.Equal(Reading.One("""
            {"specversion":"1.0","id":"1","source":"/s","type":"t","subject":"a \"b\"€😀","time":"2026-11-21T10:12:00Z",
             "datacontenttype":"application/json; charset=utf-8","ext":"q \" A","data":{"a":1}}
            """).Records[0], Assert.Single(read.Records));
    }

    [Fact]
    public void Bodies_are_JSON_or_bytes_as_the_content_type_says()
    {
        Assert.Equal(EventDataKind.Json, Reading.Binary(Required, "application/x+JSON", "1"u8.ToArray()).Event().DataKind);
        Assert.Equal(EventDataKind.Binary, Reading.Binary(Required, "text/plain", "1"u8.ToArray()).Event().DataKind);
        Assert.Equal(EventDataKind.Binary, Reading.Binary(Required, null, "1"u8.ToArray()).Event().DataKind);
        Assert.Equal(EventDataKind.None, Reading.Binary(Required, "application/json", []).Event().DataKind);
        foreach (var body in new[] { "{", "1 2", "\ufeff1", "" + (char)0 })
            Assert.Equal(["data"], Reading.Binary(Required, "application/json", Encoding.UTF8.GetBytes(body)).Fields);
        Assert.Equal(["data"], Reading.Binary(Required, "application/json", [(byte)'"', 0xff, (byte)'"']).Fields);
    }

    [Fact]
    public void Registered_types_are_checked()
    {
        (string, string)[] headers = [.. Required[..3], ("ce-type", "sample.order")];
        Assert.Equal(["data.orderId"], Reading.Binary(headers, "application/json", "{\"orderId\":1}"u8.ToArray()).Fields);
        Assert.Equal(EventDataKind.Json, Reading.Binary(headers, null, "{\"orderId\":\"1\",\"customer\":\"c\",\"total\":1}"u8.ToArray()).Event().DataKind);
        Assert.Equal(["data"], Reading.Binary(headers, "application/json", []).Fields);
        Assert.Equal(["datacontenttype"], Reading.Binary(headers, "text/plain", "{}"u8.ToArray()).Fields);
    }

    [Theory]
    [InlineData("subject", "ce-subject", "100%")]
    [InlineData("subject", "ce-subject", "%4")]
    [InlineData("subject", "ce-subject", "%+1")]
    [InlineData("subject", "ce-subject", "%FF")]
    [InlineData("subject", "ce-subject", "%00")]
    [InlineData("subject", "ce-subject", "")]
    [InlineData("id", "ce-id", "2")]
    [InlineData("ext", "ce-ext", "%ED%A0%80")]
    [InlineData("a-b", "ce-a-b", "x")]
    [InlineData("é", "ce-é", "x")]
    [InlineData("kappatime", "ce-KappaTime", "x")]
    [InlineData("data", "ce-data", "x")]
    [InlineData("data_base64", "ce-data_base64", "x")]
    [InlineData("datacontenttype", "ce-datacontenttype", "text/plain")]
    [InlineData("", "ce-", "x")]
    public void A_header_that_does_not_conform_is_refused_by_attribute(string field, string header, string value) =>
        Assert.Equal([field], Reading.Binary([.. Required, (header, value)], null, []).Fields);

    [Fact]
    public void A_content_type_that_is_none_is_refused()
    {
        Assert.Equal(["datacontenttype"], Reading.Binary(Required, "xyz", "1"u8.ToArray()).Fields);
        Assert.Equal(["datacontenttype"], Reading.Binary(Required, "\ud800", "1"u8.ToArray()).Fields);
    }

    [Fact]
    public void What_is_missing_is_named() =>
        Assert.Equal(["specversion", "id", "type", "source"], Reading.Binary([("Accept", "x")], null, []).Fields);

    [Fact]
    public void Another_version_of_CloudEvents_is_refused() =>
        Assert.Equal(["specversion"], Reading.Binary([.. Required[1..], ("ce-specversion", "0.3")], null, []).Fields);
}
