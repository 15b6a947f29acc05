using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Clinical;
using Telemedicine.Mail;
using Telemedicine.Web.Messages;

namespace Telemedicine.Web.Tests.Messages;

public sealed class TextMessageTests
{
    private static readonly OutgoingMessage Message = new(MessageId.New(), "+447700900100", "Margaret Hughes", "Riverside", "", "Your appointment – ありがとう", null);

    [Fact]
    public async Task A_text_is_one_request_with_the_key_the_sender_and_an_idempotency_key()
    {
        var provider = new Provider(HttpStatusCode.Accepted);

        var delivery = await Carrier(provider).CarryAsync(Message, TestContext.Current.CancellationToken);

        Assert.IsType<Delivery.Delivered>(delivery);
        Assert.Equal("Bearer secret-key", provider.Request?.Headers.Authorization?.ToString());
        Assert.Equal(Message.Id.ToString(), provider.Request?.Headers.GetValues("Idempotency-Key").Single());
        var body = JsonDocument.Parse(provider.Body).RootElement;
        Assert.Equal(("+447700900100", "Riverside", Message.Body), (body.GetProperty("to").GetString(), body.GetProperty("from").GetString(), body.GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, true)]
    [InlineData(HttpStatusCode.UnprocessableEntity, true)]
    [InlineData(HttpStatusCode.Unauthorized, false)]
    [InlineData(HttpStatusCode.PaymentRequired, false)]
    [InlineData(HttpStatusCode.TooManyRequests, false)]
    [InlineData(HttpStatusCode.InternalServerError, false)]
    [InlineData(HttpStatusCode.ServiceUnavailable, false)]
    public async Task A_wrong_number_is_refused_for_good_and_a_provider_in_trouble_is_asked_again(HttpStatusCode status, bool forGood)
    {
        var delivery = await Carrier(new Provider(status)).CarryAsync(Message, TestContext.Current.CancellationToken);

        Assert.Equal(forGood, delivery is Delivery.Refused);
        Assert.Equal(!forGood, delivery is Delivery.TryLater);
    }

    [Fact]
    public async Task A_provider_that_cannot_be_reached_or_does_not_answer_is_asked_again()
    {
        var unreachable = await Carrier(new Provider(new HttpRequestException("No route"))).CarryAsync(Message, TestContext.Current.CancellationToken);
        var silent = await Carrier(new Provider(new TaskCanceledException("Timed out"))).CarryAsync(Message, TestContext.Current.CancellationToken);

        Assert.IsType<Delivery.TryLater>(unreachable);
        Assert.IsType<Delivery.TryLater>(silent);
    }

    private static HttpTextCarrier Carrier(Provider provider)
    {
        var services = new ServiceCollection();
        services.AddHttpClient(HttpTextCarrier.ClientName).ConfigurePrimaryHttpMessageHandler(() => provider);
        return new HttpTextCarrier(
            new TextSettings(new Uri("https://texts.example/v1/messages"), "secret-key", "Riverside"), services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>());
    }

    private sealed class Provider(HttpStatusCode status, Exception? error) : HttpMessageHandler
    {
        public Provider(HttpStatusCode status)
            : this(status, null)
        {
        }

        public Provider(Exception error)
            : this(HttpStatusCode.OK, error)
        {
        }

        public HttpRequestMessage? Request { get; private set; }

        public string Body { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Request = request;
            Body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            return error is null ? new HttpResponseMessage(status) : throw error;
        }
    }
}
