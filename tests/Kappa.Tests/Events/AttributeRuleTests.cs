using System.Text;
using Kappa.Events;

namespace Kappa.Tests.Events;

public sealed class AttributeRuleTests
{
    [Theory]
    [InlineData("2018-04-05T17:31:00Z", "2018-04-05T17:31:00.0000000")]
    [InlineData("2018-04-05t17:31:00z", "2018-04-05T17:31:00.0000000")]
    [InlineData("2018-04-05T17:31:00.1Z", "2018-04-05T17:31:00.1000000")]
    [InlineData("2018-04-05T17:31:00.123456789012Z", "2018-04-05T17:31:00.1234567")]
    [InlineData("2018-04-05T18:31:00+01:00", "2018-04-05T17:31:00.0000000")]
    [InlineData("2018-04-05T17:31:00-00:00", "2018-04-05T17:31:00.0000000")]
    [InlineData("2018-04-05T17:31:00-23:59", "2018-04-06T17:30:00.0000000")]
    [InlineData("2016-02-29T00:00:00Z", "2016-02-29T00:00:00.0000000")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.9999999")]
    [InlineData("2017-01-01T00:59:60.5+01:00", "2016-12-31T23:59:59.9999999")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999")]
    public void Times_by_RFC_3339_are_read_to_100_ns(string text, string utc)
    {
        Assert.True(Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var ticks));
        Assert.Equal(utc, new DateTime(ticks).ToString("yyyy-MM-ddTHH:mm:ss.fffffff", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2018-04-05")]
    [InlineData("2018-04-05T18:31Z")]
    [InlineData("2018-04-05T18:31:00")]
    [InlineData("2018-04-05 18:31:00Z")]
    [InlineData("2018-04-05T18:31:00.Z")]
    [InlineData("2018-04-05T18:31:00,5Z")]
    [InlineData("2018-04-05T18:31:00.5")]
    [InlineData("2018-04-05T18:31:00Zx")]
    [InlineData("2018-04-05T18:31:00+05")]
    [InlineData("2018-04-05T18:31:00+0500")]
    [InlineData("2018-04-05T18:31:00+24:00")]
    [InlineData("2018-04-05T18:31:00+05:60")]
    [InlineData("2018-04-05T24:00:00Z")]
    [InlineData("2018-04-05T18:60:00Z")]
    [InlineData("2018-04-05T18:31:60Z")]
    [InlineData("2018-04-05T23:59:61Z")]
    [InlineData("2018-13-05T18:31:00Z")]
    [InlineData("2018-00-05T18:31:00Z")]
    [InlineData("2018-04-31T18:31:00Z")]
    [InlineData("2018-02-29T18:31:00Z")]
    [InlineData("2018-04-00T18:31:00Z")]
    [InlineData("0000-04-05T18:31:00Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("+018-04-05T18:31:00Z")]
    [InlineData("2018-04-05T18:31:00\u00a0Z")]
    public void Anything_else_is_no_time(string text)
    {
        Assert.False(Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var ticks));
        Assert.Equal(EventRecord.NoTime, ticks);
    }

    [Fact]
    public void A_time_is_bounded_like_any_attribute() =>
        Assert.Equal(["time"], Reading.One(Reading.Minimal($"\"time\":\"2018-04-05T18:31:00.{new string('0', 8192)}Z\"")).Fields);

    [Theory]
    [InlineData("https://user:pw@example.com:8080/a/b;c?d=e&f#g/h?i", true)]
    [InlineData("http://[2001:db8::7]:80/x", true)]
    [InlineData("http://[v1.a:b]", true)]
    [InlineData("urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66", true)]
    [InlineData("mailto:x@example.com", true)]
    [InlineData("file:///a%20b", true)]
    [InlineData("a+b-c.1:", true)]
    [InlineData("/shop", false)]
    [InlineData("#fragment", false)]
    [InlineData("?q", false)]
    [InlineData("//authority/path", false)]
    [InlineData("a/b:c", false)]
    [InlineData("./1:2", false)]
    [InlineData("", false)]
    public void URI_references_are_taken(string text, bool isAbsolute)
    {
        Assert.True(UriReference.IsValid(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(isAbsolute, UriReference.IsAbsolute(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("<a>")]
    [InlineData("a|b")]
    [InlineData("é")]
    [InlineData("a%2")]
    [InlineData("a%zz")]
    [InlineData("%")]
    [InlineData("1:2")]
    [InlineData(":a")]
    [InlineData("a#b#c")]
    [InlineData("a[b]")]
    [InlineData("http://a:b/")]
    [InlineData("http://a:1:2/")]
    [InlineData("http://a@b@c/")]
    [InlineData("http://[::1")]
    [InlineData("http://[]/")]
    [InlineData("http://[::1]x/")]
    [InlineData("http://[v.a]/")]
    [InlineData("http://a[b]/")]
    [InlineData("a\u0001")]
    public void What_is_no_URI_reference_is_refused(string text)
    {
        Assert.False(UriReference.IsValid(Encoding.UTF8.GetBytes(text)));
        Assert.False(UriReference.IsAbsolute(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("Application/JSON;charset=utf-8", true)]
    [InlineData("application/vnd.a.b+json ; a=b ; c=\"d;\\\"e\"", true)]
    [InlineData("text/json", true)]
    [InlineData("text/plain; charset=utf-8", false)]
    [InlineData("application/jsonx", false)]
    [InlineData("application/x-json", false)]
    [InlineData("*/*", false)]
    public void Media_types_are_taken_and_JSON_is_told_apart(string text, bool isJson)
    {
        Assert.True(MediaType.IsValid(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(isJson, MediaType.IsJson(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("xyz")]
    [InlineData("/json")]
    [InlineData("a/")]
    [InlineData("a/b/c")]
    [InlineData("a/b;")]
    [InlineData("a/b; c")]
    [InlineData("a/b; c=")]
    [InlineData("a/b; c=\"d")]
    [InlineData("a/b; c=\"d\\")]
    [InlineData("a/b; c=\"d\u0001\"")]
    [InlineData("a b/c")]
    [InlineData("a/b,c/d")]
    [InlineData("é/b")]
    public void What_is_no_media_type_is_refused(string text) => Assert.False(MediaType.IsValid(Encoding.UTF8.GetBytes(text)));
}
