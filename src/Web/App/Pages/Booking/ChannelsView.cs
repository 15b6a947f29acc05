using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>Radio buttons named Channel, with the error of that name.</summary>
public sealed record ChannelsView(string Legend, IReadOnlyList<DeliveryChannel> Channels, DeliveryChannel? Chosen);
