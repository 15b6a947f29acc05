using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class DeviceChecks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "DeviceCheckFollowUps",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PracticeId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AppointmentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    By = table.Column<Guid>(type: "TEXT", nullable: false),
                    Note = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeviceCheckFollowUps", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DeviceCheckFollowUps_Appointments_AppointmentId",
                        column: x => x.AppointmentId,
                        principalTable: "Appointments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_DeviceCheckFollowUps_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_DeviceCheckFollowUps_StaffMembers_By",
                        column: x => x.By,
                        principalTable: "StaffMembers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DeviceChecks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PracticeId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AppointmentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Score = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Browser = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Camera = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Microphone = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Speaker = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Network = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Route = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    RoundTripMs = table.Column<int>(type: "INTEGER", nullable: true),
                    LossUp = table.Column<double>(type: "REAL", nullable: true),
                    LossDown = table.Column<double>(type: "REAL", nullable: true),
                    JitterMs = table.Column<int>(type: "INTEGER", nullable: true),
                    UpBitrate = table.Column<int>(type: "INTEGER", nullable: true),
                    DownBitrate = table.Column<int>(type: "INTEGER", nullable: true),
                    BrowserFamily = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    BrowserVersion = table.Column<int>(type: "INTEGER", nullable: true),
                    DeviceKind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    ByCarer = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeviceChecks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DeviceChecks_Appointments_AppointmentId",
                        column: x => x.AppointmentId,
                        principalTable: "Appointments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_DeviceChecks_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_DeviceCheckFollowUps_AppointmentId_At",
                table: "DeviceCheckFollowUps",
                columns: new[] { "AppointmentId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_DeviceCheckFollowUps_At",
                table: "DeviceCheckFollowUps",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_DeviceCheckFollowUps_By",
                table: "DeviceCheckFollowUps",
                column: "By");

            migrationBuilder.CreateIndex(
                name: "IX_DeviceCheckFollowUps_PracticeId",
                table: "DeviceCheckFollowUps",
                column: "PracticeId");

            migrationBuilder.CreateIndex(
                name: "IX_DeviceChecks_AppointmentId_At",
                table: "DeviceChecks",
                columns: new[] { "AppointmentId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_DeviceChecks_At",
                table: "DeviceChecks",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_DeviceChecks_PracticeId",
                table: "DeviceChecks",
                column: "PracticeId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DeviceCheckFollowUps");

            migrationBuilder.DropTable(
                name: "DeviceChecks");
        }
    }
}
